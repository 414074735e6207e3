/**
 * Programs that a command starts, each in a group of its own: a Ctrl-C in the terminal reaches us alone, and we end them. What
 * they write goes to a file, however much it is.
 */

import { spawn } from "node:child_process";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { killGroup } from "../../auth/kill-group.ts";
import type { ProcessEnd } from "../../azure/rehearsal/process-end.ts";

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** File that takes standard output and error. */
  readonly log: string;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** How long it may take from SIGTERM to its end, ms. */
  readonly graceMs: number;
  /** How long it may take in all, ms. */
  readonly limitMs: number;
}

/** What `headAndTail` gives of a log. What a program finds it says first, why it gives up it says last. */
const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 256 * 1024;

/** @returns how it ended; with `signal` it does so as whoever hears a SIGTERM */
export const runProgram = (command: string, words: readonly string[], options: ProgramOptions): Promise<ProcessEnd> => {
  const { cwd, env, log, signal, graceMs, limitMs } = options;
  const file = openSync(log, "a", 0o600);
  const isDetached = process.platform !== "win32";
  const child = spawn(command, words, {
    cwd,
    env,
    stdio: ["ignore", file, file],
    detached: isDetached,
    windowsHide: true,
  });
  closeSync(file);
  return new Promise((resolve) => {
    let killing: NodeJS.Timeout | undefined;
    let isTooLong = false;
    const end = (): void => {
      child.kill("SIGTERM");
      killing ??= setTimeout(() => killGroup(child), graceMs);
    };
    const limit = setTimeout(() => {
      isTooLong = true;
      end();
    }, limitMs);
    const settle = (ended: ProcessEnd): void => {
      clearTimeout(limit);
      clearTimeout(killing);
      signal.removeEventListener("abort", end);
      // What it has started and left behind.
      killGroup(child);
      resolve(isTooLong ? { how: "too-long" } : ended);
    };
    child.once("exit", (code, by) => {
      settle(code === null ? { how: "died", signal: by ?? "a signal" } : { how: "exited", code });
    });
    child.once("error", ({ message }) => settle({ how: "not-started", why: message }));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
};

/** The beginning and the end of a log, with a line between them that says so; a small one as a whole. */
export const headAndTail = (log: string): string => {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return "";
  const file = openSync(log, "r");
  try {
    if (size <= HEAD_BYTES + TAIL_BYTES) return read(file, 0, size);
    const [head, end] = [read(file, 0, HEAD_BYTES), read(file, size - TAIL_BYTES, TAIL_BYTES)];
    // Whole lines: of half a secret nobody could see that it is one.
    return `${head.slice(0, head.lastIndexOf("\n") + 1)}[...]${end.slice(end.indexOf("\n"))}`;
  } finally {
    closeSync(file);
  }
};

const read = (file: number, from: number, length: number): string => {
  const bytes = Buffer.alloc(length);
  return bytes.toString("utf8", 0, readSync(file, bytes, 0, length, from));
};

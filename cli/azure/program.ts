/**
 * Programs that a command starts, each in a group of its own: a Ctrl-C in the terminal reaches us alone, and we end them. What
 * they write goes to a file, however much it is.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readSync, statSync } from "node:fs";

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

/** What `tail` gives of a log. */
const TAIL_BYTES = 256 * 1024;

/** @returns its exit code; null when it was ended by a signal, its limit's or another one, or could not be started */
export const runProgram = (
  command: string,
  words: readonly string[],
  options: ProgramOptions,
): Promise<number | null> => {
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
    const end = (): void => {
      child.kill("SIGTERM");
      killing ??= setTimeout(() => killGroup(child), graceMs);
    };
    const limit = setTimeout(end, limitMs);
    const settle = (code: number | null): void => {
      clearTimeout(limit);
      clearTimeout(killing);
      signal.removeEventListener("abort", end);
      // What it has started and left behind.
      killGroup(child);
      resolve(code);
    };
    child.once("exit", settle);
    child.once("error", () => settle(null));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
};

/** The end of a log. */
export const tail = (log: string): string => {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
  const file = size === 0 ? null : openSync(log, "r");
  if (file === null) return "";
  try {
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, size - bytes.length));
  } finally {
    closeSync(file);
  }
};

const killGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined || process.platform === "win32") return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nobody is left in it.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
};

/** Runs a user's program for its output: no shell, no input, an end to everything. */

import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { AuthError } from "./auth-error.ts";
import { killGroup } from "./kill-group.ts";
import type { ProgramCall } from "./world.ts";

/** Far above any token. */
const MOST_BYTES = 64 * 1024;

/** How long output may still come after the program's end, when something that it started holds its output open. */
const AFTERMATH_MS = 500;

const WHY_NOT_STARTED: Readonly<Record<string, string>> = { ENOENT: "is not there", EACCES: "may not be run" };

const running = new Set<ChildProcess>();
let isExitWatched = false;

/**
 * What the program says on stderr is dropped: it may hold anything. At its limit, at the abort and when this process
 * exits, it is killed with all that it has started (its process group; on Windows, it alone). What it leaves in the
 * background is killed at its own end, too: renewed for hours, it would pile up.
 * @returns its whole output
 * @throws {AuthError} (rejects) AUTH_COMMAND with the program's name, and why: `is not there`, `exit code 1`,
 *   `took longer than 30 s`, ...
 */
export const runProgram = async (call: ProgramCall): Promise<string> => {
  const child = start(call);
  const { limitMs, signal } = call;
  watchExit();
  running.add(child);
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void => {
      kill(child);
      reject(failed(call, why, cause));
    };

    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_BYTES) fail("more than 64 KiB of output");
      else chunks.push(chunk);
    });

    const limit = setTimeout(() => fail(`took longer than ${limitMs / 1000} s`), limitMs);
    const abort = (): void => fail("was ended");
    signal.addEventListener("abort", abort);
    const settle = (): void => {
      clearTimeout(limit);
      signal.removeEventListener("abort", abort);
      running.delete(child);
    };

    child.on("error", (cause) => {
      settle();
      fail(whyNotStarted(cause), cause);
    });
    child.on("exit", () => setTimeout(() => child.stdout.destroy(), AFTERMATH_MS).unref());
    child.on("close", (code, killedBy) => {
      settle();
      killGroup(child);
      if (code !== 0) return fail(code === null ? `ended by ${killedBy}` : `exit code ${code}`);
      resolve(Buffer.concat(chunks).toString("utf8"));
    });
    if (signal.aborted) abort();
  });
};

const start = (call: ProgramCall): ChildProcessByStdio<null, Readable, null> => {
  const [program, ...args] = call.command;
  try {
    return spawn(program, args, {
      cwd: call.cwd,
      env: call.env,
      stdio: ["ignore", "pipe", "ignore"],
      // A process group of its own, so that it can be killed as a whole.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
  } catch (cause) {
    throw failed(call, whyNotStarted(cause), cause);
  }
};

const whyNotStarted = (cause: unknown): string => {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown reason";
  return WHY_NOT_STARTED[code] ?? `cannot be started: ${code}`;
};

const failed = ({ command: [program] }: ProgramCall, why: string, cause?: unknown): AuthError =>
  new AuthError("AUTH_COMMAND", { place: basename(program), why }, { cause });

const kill = (child: ChildProcess): void => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === "win32") child.kill("SIGKILL");
  else killGroup(child);
};

/** No other group has its number as long as one of it lives; when none does, that is the error that is left out. */

const watchExit = (): void => {
  if (isExitWatched) return;
  isExitWatched = true;
  process.on("exit", () => {
    for (const child of running) kill(child);
  });
};

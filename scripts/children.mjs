/**
 * Every process that the commands start, by its id: run to the end with its output captured, or kept running beside
 * us. None outlives us: `endChildren` is the last thing that every command does, also when it is interrupted.
 */
import { spawn } from "node:child_process";

const isWindows = process.platform === "win32";
const KILL_AFTER_MS = 3_000;

/** @type {Set<import("node:child_process").ChildProcess>} */
const living = new Set();

/**
 * Starts a process in a group of its own, so that a Ctrl-C in the terminal reaches us alone and we decide who ends
 * when. (Windows has no such groups for consoles: there the process gets the Ctrl-C itself.)
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
export const start = (command, args, options) => {
  const child = spawn(command, args, { ...options, detached: !isWindows, windowsHide: true });
  living.add(child);
  const forget = () => living.delete(child);
  child.once("exit", forget);
  child.once("error", forget);
  return child;
};

/**
 * Runs a process to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean, onLine?: (line: string) => void }} [options]
 * @returns {Promise<{ code: number, output: string }>} `output` is standard output and error as they came; `code` is
 *   127 when the program is not there, 128 when a signal ended it
 */
export const run = (command, args, { onLine, ...options } = {}) =>
  new Promise((resolve) => {
    let output = "";
    const child = start(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
        output += text;
        const line = text
          .trimEnd()
          .split(/[\r\n]/)
          .at(-1);
        if (line) onLine?.(line.trim());
      });
    }
    child.once("error", (error) => resolve({ code: 127, output: output + String(error.message) }));
    child.once("close", (code) => resolve({ code: code ?? 128, output }));
  });

/**
 * Sends a signal to a process that we started. Windows knows only the hard end.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 * @param {{ isForGroup?: boolean }} [options] `isForGroup`: also to what it has started itself
 */
export const signal = (child, signal, { isForGroup = false } = {}) => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (isForGroup && !isWindows) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch (error) {
    // It ended between the look and the signal.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
};

/** Ends what still runs: SIGTERM, then SIGKILL for what is left after three seconds. */
export const endChildren = async () => {
  const ending = [...living].map(
    (child) =>
      new Promise((resolve) => {
        const limit = setTimeout(() => signal(child, "SIGKILL", { isForGroup: true }), KILL_AFTER_MS);
        child.once("exit", () => {
          clearTimeout(limit);
          resolve(null);
        });
        signal(child, "SIGTERM", { isForGroup: true });
      }),
  );
  await Promise.all(ending);
};

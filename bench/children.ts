/** The processes that the bench starts. All are known here, so that none outlives it, also after Ctrl-C. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

const KILL_AFTER_MS = 3_000;
const isWindows = process.platform === "win32";
const living = new Set<ChildProcess>();

/** Starts a process in a group of its own: an interrupt reaches the bench, and the bench ends its children. */
export const startChild = ([program = "", ...args]: readonly string[], options: SpawnOptions): ChildProcess => {
  const child = spawn(program, args, { ...options, detached: !isWindows, windowsHide: true });
  living.add(child);
  child.once("exit", () => living.delete(child));
  child.once("error", () => living.delete(child));
  return child;
};

/** Sends a signal to a child and to what it started in its group; silent when it is over. */
export const signalChild = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (isWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
};

/** SIGTERM to all, SIGKILL to those that are still there after three seconds. */
export const endChildren = async (): Promise<void> => {
  await Promise.all([...living].map(endChild));
};

const endChild = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    const limit = setTimeout(() => signalChild(child, "SIGKILL"), KILL_AFTER_MS);
    child.once("exit", () => {
      clearTimeout(limit);
      resolve();
    });
    signalChild(child, "SIGTERM");
  });

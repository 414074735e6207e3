import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { getDefaultEnvironment } from "@modelcontextprotocol/client/stdio";
import type { ChildSettings } from "../../../config/settings.ts";

/**
 * Programs, each in a process group of its own where the platform has such: a signal reaches what the program started as
 * well. Behind `npx` the server is a grandchild.
 */
const HAS_GROUPS = process.platform !== "win32";
/** For which a process may go on after it was asked to end. */
export const PATIENCE_MS = 2_000;

const running = new Set<number>();
let isExitWatched = false;

/** Started without a shell, with the environment that is safe to inherit and its own. */
export const startGroup = ({ command, args, env, cwd }: ChildSettings): ChildProcessWithoutNullStreams => {
  const child = spawn(command, args, {
    env: { ...getDefaultEnvironment(), ...env },
    cwd,
    detached: HAS_GROUPS,
    windowsHide: true,
  });
  const { pid } = child;
  if (pid !== undefined) {
    running.add(pid);
    watchExit();
    child.once("exit", () => endRest(pid));
  }
  return child;
};

/** @returns false when there is nobody left to hear it */
export const signalGroup = (pid: number, signal: NodeJS.Signals): boolean => {
  try {
    return process.kill(HAS_GROUPS ? -pid : pid, signal);
  } catch {
    return false;
  }
};

/** The program has ended, what it started may not have. Its id belongs to the group as long as one of that is there. */
const endRest = (pid: number): void => {
  if (!HAS_GROUPS || !signalGroup(pid, "SIGTERM")) {
    running.delete(pid);
    return;
  }
  setTimeout(() => {
    signalGroup(pid, "SIGKILL");
    running.delete(pid);
  }, PATIENCE_MS).unref();
};

/** Nothing may outlive the bridge, however it is told to go. */
const watchExit = (): void => {
  if (isExitWatched) return;
  isExitWatched = true;
  process.on("exit", () => {
    for (const pid of running) signalGroup(pid, "SIGKILL");
  });
};

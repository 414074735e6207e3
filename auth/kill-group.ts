import type { ChildProcess } from "node:child_process";

/** Kills a program that was started in a group of its own (`detached`), and all that it has started. On Windows there are none. */
export const killGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined || process.platform === "win32") return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // ESRCH: nothing is left of it. EPERM (macOS): nothing but what has ended and nobody has collected.
    if (!(error instanceof Error && "code" in error && ["ESRCH", "EPERM"].includes(String(error.code)))) throw error;
  }
};

/** Whether a process of this number runs, whoever owns it. For folders that are called after the process that made them. */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Of another user's process it is said that it may not be asked.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

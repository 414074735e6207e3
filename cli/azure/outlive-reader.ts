/**
 * Whoever reads the output may go away (`swarmbridge azure submit | head`). Elsewhere that ends the command with 0; here it
 * would pass a pipeline whose run nobody has judged. So the run is followed on, for its exit code. It stays so to the end of
 * the process: the news of a broken pipe comes later than the line that broke it.
 */
export const outliveReader = (): void => {
  process.stdout.removeAllListeners("error");
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
};

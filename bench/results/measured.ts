/** What one program took for the rows of a run. */

export interface RowsReport {
  readonly rows: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Largest resident memory of the process, Node itself included. */
  readonly peakBytes: number;
}

/** @param work says how many rows it has seen */
export const measured = async (work: () => Promise<number>): Promise<RowsReport> => {
  const began = performance.now();
  const rows = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage();
  return { rows, seconds, cpuSeconds: (user + system) / 1e6, peakBytes: process.resourceUsage().maxRSS * 1024 };
};

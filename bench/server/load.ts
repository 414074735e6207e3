/** What the null server did over time, so that a measurement can ask afterwards how busy it was in its window. */

export interface LoadSample {
  /** Wall clock, as the generators stamp their windows. */
  readonly atMs: number;
  /** CPU of the server's process since its start. */
  readonly cpuMs: number;
}

/** Cores used between two moments, from the samples nearest to them; 1 = a whole core. 0 without samples there. */
export const coresUsed = (samples: readonly LoadSample[], fromMs: number, toMs: number): number => {
  const first = samples.findLast(({ atMs }) => atMs <= fromMs) ?? samples[0];
  const last = samples.find(({ atMs }) => atMs >= toMs) ?? samples.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
  return (last.cpuMs - first.cpuMs) / (last.atMs - first.atMs);
};

/** Middle and spread of repeated measurements. */

export interface Spread {
  readonly median: number;
  /** (largest - smallest) / median; 0 for a single value. */
  readonly relative: number;
}

/** @throws {RangeError} for no values */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  if (low === undefined || high === undefined) throw new RangeError("no values");
  const median = (low + high) / 2;
  const range = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  return { median, relative: median === 0 ? 0 : range / median };
};

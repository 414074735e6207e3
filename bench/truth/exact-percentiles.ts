/** Percentiles from all values, by nearest rank: no buckets and no interpolation. */
import type { Percentiles } from "./task.ts";

/** @param percentile above 0, up to 100 @returns 0 for no values */
export const percentileOf = (sorted: readonly number[], percentile: number): number =>
  sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? 0;

export const percentilesOf = (values: readonly number[]): Percentiles => {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50Ms: percentileOf(sorted, 50), p95Ms: percentileOf(sorted, 95), p99Ms: percentileOf(sorted, 99) };
};

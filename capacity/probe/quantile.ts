/** Quantiles of small samples, where no histogram is needed. Pure arithmetic. */

import { median } from "../../record/median.ts";

/** @param share 0 to 1 @returns one of the values: the smallest that at least this share does not exceed; NaN for no values */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};

/** Median distance from the median: a spread that single spikes do not move. */
export const medianDistance = (values: readonly number[]): number => {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
};

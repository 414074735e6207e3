/**
 * How far a percentile can be trusted, by what the sample can carry: the interval between two of its own values that holds
 * the true one with the stated confidence, whatever the distribution is. It takes the values for independent.
 * @see David and Nagaraja, Order Statistics, 3rd ed., 7.1
 */
import type { Times } from "./times.ts";

/** Milliseconds; null where the sample has no value that far out. */
export interface PercentileInterval {
  readonly lowMs: number | null;
  readonly highMs: number | null;
}

export const CONFIDENCE = 0.95;
const Z_975 = 1.96;

/** @param percentile 0 to 100, both excluded */
export const percentileInterval = (times: Times, percentile: number): PercentileInterval => {
  const { count } = times;
  const share = percentile / 100;
  const half = Z_975 * Math.sqrt(count * share * (1 - share));
  const at = (rank: number): number | null =>
    rank < 1 || rank > count ? null : times.percentileMs(Math.min(100, (100 * rank) / count));
  return { lowMs: at(Math.floor(count * share - half)), highMs: at(Math.ceil(count * share + half) + 1) };
};

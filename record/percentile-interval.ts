/**
 * How far a percentile can be trusted, by what the sample can carry: the interval between two of its own values that holds
 * the true one with the stated confidence, whatever the distribution is. docs/measurement.md, "How sure a percentile is".
 */
import { clustering } from "./clustering.ts";
import { quantileOfT } from "./student-t.ts";
import type { Times } from "./times.ts";

/** Milliseconds; null where the sample has no value that far out. */
export interface PercentileInterval {
  readonly lowMs: number | null;
  readonly highMs: number | null;
}

export const CONFIDENCE = 0.95;
const TAIL = (1 - CONFIDENCE) / 2;
const Z_975 = quantileOfT(0.975, Number.POSITIVE_INFINITY);

/**
 * @param percentile 0 to 100, both excluded
 * @param batches the same times in consecutive batches; without them the calls are taken for independent of each other
 */
export const percentileInterval = (
  times: Times,
  percentile: number,
  batches: readonly Times[] = [],
): PercentileInterval => {
  const { count } = times;
  const share = percentile / 100;
  const worth = Math.floor(count / clusteringAt(times, percentile, batches));
  const { low, high } = ranksAround(share, worth);
  const at = (rank: number): number => times.percentileMs((100 * rank) / worth);
  return { lowMs: low < 1 ? null : at(low), highMs: high > worth ? null : at(high) };
};

/**
 * By how much the number of calls overstates what they tell about this percentile: slow calls that come together fill some
 * batches and leave others empty. The few batches are themselves a sample, hence Student's t.
 * @see Korn and Graubard, Survey Methodology 24 (1998), 193-201: an exact interval on the effective sample size
 */
const clusteringAt = (times: Times, percentile: number, batches: readonly Times[]): number => {
  const held = batches.filter(({ count }) => count > 0);
  if (held.length < 2) return 1;
  const us = Math.round(times.percentileMs(percentile) * 1000);
  const above = held.map((batch) => ({ of: batch.count, events: batch.countAbove(us) }));
  return Math.max(1, clustering(above) * (quantileOfT(0.975, held.length - 1) / Z_975) ** 2);
};

/**
 * Which values, counted from the smallest as 1, hold the quantile between them: the lower lies above it, or the upper below it,
 * in at most one of forty samples each.
 * @see David and Nagaraja, Order Statistics, 3rd ed., 7.1
 */
const ranksAround = (share: number, count: number): { low: number; high: number } => {
  if (share < 0.5) {
    const { low, high } = ranksAround(1 - share, count);
    return { low: count + 1 - high, high: count + 1 - low };
  }
  const { fewest, most } = likelyAbove(1 - share, count);
  return { low: count - most, high: count + 1 - fewest };
};

/** Below this a double cannot hold a probability. */
const SMALLEST_LOG = -700;

/** How many of `count` independent values lie above a quantile, but for one sample in forty at each end. */
const likelyAbove = (share: number, count: number): { fewest: number; most: number } => {
  const logOfNone = count * Math.log1p(-share);
  if (logOfNone < SMALLEST_LOG) {
    const half = Z_975 * Math.sqrt(count * share * (1 - share));
    return { fewest: Math.floor(count * share - half), most: Math.ceil(count * share + half) };
  }
  let fewest = 0;
  let most = 0;
  let term = Math.exp(logOfNone);
  let sum = term;
  for (; most < count && 1 - sum > TAIL; most++) {
    if (sum <= TAIL) fewest = most + 1;
    term *= ((count - most) / (most + 1)) * (share / (1 - share));
    sum += term;
  }
  return { fewest, most };
};

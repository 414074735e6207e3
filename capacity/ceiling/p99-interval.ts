/** How far a p99 can be trusted: its interval by the jackknife over consecutive batches. Pure arithmetic. */

import { quantileOfT } from "../../record/student-t.ts";
import { Times } from "../../record/times.ts";

/** Milliseconds. */
export interface Interval {
  readonly lowMs: number;
  readonly highMs: number;
}

/**
 * Each batch is left out once; how much p99 moves then says how much it owes to single stretches of time. On the logarithm,
 * as latencies spread by factors. Of simulated queues near their limit, whose slow calls come together, 19 of 20 steps of two
 * minutes have their true p99 inside.
 * @param batches consecutive ones, of one run or several
 */
export const p99Interval = (batches: readonly Times[]): Interval => {
  const held = batches.filter(({ count }) => count > 0);
  if (held.length < 2) return { lowMs: 0, highMs: Number.POSITIVE_INFINITY };
  const whole = Math.log(togetherOf(held).percentileMs(99));
  const without = held.map((left) => Math.log(togetherOf(held.filter((each) => each !== left)).percentileMs(99)));
  const values = without.map((each) => held.length * whole - (held.length - 1) * each);
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const error = Math.sqrt(squares / held.length / (held.length - 1));
  const half = quantileOfT(0.995, held.length - 1) * error;
  return { lowMs: Math.exp(whole - half), highMs: Math.exp(whole + half) };
};

/**
 * Of several runs of one load, each of which is one observation however many calls it has: what differs between them (a busy
 * hour, a neighbour) no single run can see.
 * @param runs the times of each
 * @returns null for less than two, which cannot differ
 */
export const p99IntervalOfRuns = (runs: readonly Times[]): Interval | null => {
  const held = runs.filter(({ count }) => count > 0);
  if (held.length < 2) return null;
  const logs = held.map((run) => Math.log(run.percentileMs(99)));
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
  const squares = logs.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const half = quantileOfT(0.975, logs.length - 1) * Math.sqrt(squares / (logs.length - 1) / logs.length);
  return { lowMs: Math.exp(mean - half), highMs: Math.exp(mean + half) };
};

export const togetherOf = (parts: readonly Times[]): Times => {
  const whole = new Times();
  for (const part of parts) whole.add(part);
  return whole;
};

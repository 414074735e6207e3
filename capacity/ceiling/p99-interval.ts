/** How far a p99 can be trusted: its interval by the jackknife over consecutive batches. Pure arithmetic. */

import { Times } from "../../record/times.ts";
import { quantileOfT } from "./student-t.ts";

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
  const half = quantileOfT(held.length - 1) * error;
  return { lowMs: Math.exp(whole - half), highMs: Math.exp(whole + half) };
};

export const togetherOf = (parts: readonly Times[]): Times => {
  const whole = new Times();
  for (const part of parts) whole.add(part);
  return whole;
};

/**
 * A stream of delays from a lognormal distribution that is given by its p50 and p90. Draws are stratified: of every 20,
 * one falls into each twentieth of the distribution, in random order, so that a short run with some hundred calls
 * of a tool already shows the percentiles of the table. Single draws stay unpredictable; runs of luck do not occur.
 */

import type { Random } from "./random.ts";

export interface Delay {
  readonly p50Ms: number;
  readonly p90Ms: number;
  /** Longer draws are cut to this. Default: four times the p90. */
  readonly maxMs?: number;
}

const STRATA = 20;
/** The standard normal distribution's 90th percentile. */
const NORMAL_P90 = 1.2815515655446004;

/** @returns a function that gives the next delay, in milliseconds */
export function lognormalStream({ p50Ms, p90Ms, maxMs = 4 * p90Ms }: Delay, random: Random): () => number {
  const sigma = Math.log(p90Ms / p50Ms) / NORMAL_P90;
  let strata: number[] = [];
  return () => {
    if (strata.length === 0) strata = shuffled(STRATA, random);
    const stratum = strata.pop() ?? 0;
    const probability = (stratum + clampToOpen(random())) / STRATA;
    return Math.min(maxMs, p50Ms * Math.exp(sigma * normalQuantile(probability)));
  };
}

function shuffled(count: number, random: Random): number[] {
  const order: number[] = [];
  for (let next = 0; next < count; next++) {
    const at = Math.floor(random() * (next + 1));
    order.push(order[at] ?? next);
    order[at] = next;
  }
  return order;
}

/** The quantile is infinite at 0. */
const clampToOpen = (value: number): number => Math.max(value, 1e-9);

/**
 * The standard normal distribution's quantile, exact to 4.5e-4 in z (0.06 % of a delay at the widest row of the table).
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, formula 26.2.23
 */
function normalQuantile(probability: number): number {
  if (probability > 0.5) return -normalQuantile(1 - probability);
  const t = Math.sqrt(-2 * Math.log(probability));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return numerator / denominator - t;
}

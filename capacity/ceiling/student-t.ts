/** Student's t, for intervals of single steps and of several. Pure arithmetic. */

/**
 * What an answer claims as a whole, confirmed on simulated servers (docs/ceiling.md). A single interval is at 99 %: an answer
 * rests on several of them, each looked at up to three times, and calls that wait in one queue tell less than their number.
 */
export const CONFIDENCE_PERCENT = 90;

/** 99.5 %, by degrees of freedom from 1 on. */
const T_995 = [
  63.66, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.25, 3.169, 3.106, 3.055, 3.012, 2.977, 2.947, 2.921, 2.898,
  2.878, 2.861, 2.845, 2.831, 2.819, 2.807, 2.797, 2.787, 2.779, 2.771, 2.763, 2.756, 2.75,
] as const;

/** Of the normal distribution, close enough beyond the table. */
export const Z_995 = 2.576;

/** @param freedom degrees of freedom, at least 1 */
export const quantileOfT = (freedom: number): number => T_995[freedom - 1] ?? Z_995;

/** 97.5 %, by degrees of freedom from 1 on: an interval of 95 %. */
const T_975 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262] as const;

/**
 * Of several runs of one level: there are too few for 99 %, and 95 % keep what an answer claims on servers whose steps differ by
 * a third (docs/ceiling.md).
 * @param freedom degrees of freedom, at least 1
 */
export const quantileOfTForRuns = (freedom: number): number => T_975[freedom - 1] ?? 2.262;

/** Student's t for a single interval of 99 %. Pure arithmetic. */

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

/** Student's t by degrees of freedom, for every interval that rests on a spread between batches or runs. Pure arithmetic. */

interface Table {
  /** From one degree of freedom on. */
  readonly byFreedom: readonly number[];
  /** Of the normal distribution: an infinite number of degrees. */
  readonly normal: number;
}

/** By the share that lies below: 97.5 % for an interval of 95 %, 99.5 % for one of 99 %. */
const TABLES = {
  0.975: {
    byFreedom: [
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12,
      2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
    ],
    normal: 1.959964,
  },
  0.995: {
    byFreedom: [
      63.66, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.25, 3.169, 3.106, 3.055, 3.012, 2.977, 2.947, 2.921,
      2.898, 2.878, 2.861, 2.845, 2.831, 2.819, 2.807, 2.797, 2.787, 2.779, 2.771, 2.763, 2.756, 2.75,
    ],
    normal: 2.575829,
  },
} as const satisfies Record<number, Table>;

export type Below = keyof typeof TABLES;

/** @param freedom whole degrees of freedom, at least 1; `Infinity` for the normal distribution */
export const quantileOfT = (below: Below, freedom: number): number => {
  const { byFreedom, normal }: Table = TABLES[below];
  return byFreedom[freedom - 1] ?? beyondTable(normal, freedom);
};

/**
 * Right to four digits beyond 30 degrees.
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5
 */
const beyondTable = (z: number, freedom: number): number =>
  z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);

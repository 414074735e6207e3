/** Which of many differences are real, when a whole table may tell a false one in no more than a stated share of comparisons. */

/** How likely a difference is by chance, and its part of the chance of a false claim. */
export interface Test {
  readonly p: number;
  readonly weight: number;
}

/**
 * Holm's step-down method with weights. It holds however the tests depend on each other, as the percentiles of one name do.
 * @param chance of at least one false claim among all
 * @returns for each, in order, whether it is claimed
 * @see Holm, A simple sequentially rejective multiple test procedure (1979)
 */
export const holm = (tests: readonly Test[], chance: number): boolean[] => {
  const order = tests.map((test, index) => ({ ...test, index })).sort((a, b) => a.p / a.weight - b.p / b.weight);
  const claimed = tests.map(() => false);
  let left = tests.reduce((sum, { weight }) => sum + weight, 0);
  for (const { p, weight, index } of order) {
    // What is no number claims nothing.
    if (!(p <= (chance * weight) / left)) break;
    claimed[index] = true;
    left -= weight;
  }
  return claimed;
};

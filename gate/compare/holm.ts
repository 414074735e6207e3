/** Which of many differences are real, when a whole table may tell a false one in no more than a stated share of comparisons. */

/**
 * Holm's step-down method. It holds however the tests depend on each other, as the percentiles of one name do.
 * @param ps how likely each difference is by chance @param chance of at least one false claim among all
 * @returns for each, in order, whether it is claimed
 * @see Holm, A simple sequentially rejective multiple test procedure (1979)
 */
export const holm = (ps: readonly number[], chance: number): boolean[] => {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const claimed = ps.map(() => false);
  for (const [rank, { p, index }] of order.entries()) {
    if (p > chance / (ps.length - rank)) break;
    claimed[index] = true;
  }
  return claimed;
};

/** What a sum over the blocks of a run is worth when slow blocks come one after the other. Pure arithmetic. */

/** Of a sum: its variance, and how sure that variance is. */
export interface Spread {
  readonly variance: number;
  /** Degrees of freedom. */
  readonly freedom: number;
}

/** From a dozen blocks a stronger likeness cannot be told from a trend, and its correction has no end. */
const MOST_ALIKE = 0.8;
/** In fewer blocks the correction of the bias is mostly chance: it would hide real differences of a short run. */
const FEWEST_TO_CORRECT = 12;
/** Of blocks that nothing says to be alike: those of two runs together, as they are always compared. */
const FREEDOM = 30;

/**
 * The blocks are taken as a process whose next value is a share of the one before and chance (AR(1)). That share is read from
 * the blocks; below zero it is chance. A slower wave than the run is long stays unseen.
 * @param deviations of consecutive blocks from what they would add to the sum if all were alike; at least two
 * @see Kendall, Note on bias in the estimation of autocorrelation, Biometrika 41 (1954)
 */
export const spreadOfSum = (deviations: readonly number[]): Spread => {
  const blocks = deviations.length;
  const squares = deviations.reduce((sum, each) => sum + each ** 2, 0);
  if (squares === 0) return { variance: 0, freedom: FREEDOM };
  const products = deviations.reduce((sum, each, index) => sum + each * (deviations[index - 1] ?? 0), 0);
  const seenAlike = products / squares;
  const likeness = blocks < FEWEST_TO_CORRECT ? seenAlike : (seenAlike + 1 / blocks) / (1 - 3 / blocks);
  const alike = Math.min(MOST_ALIKE, Math.max(0, likeness));
  /** The variance of the sum over that of independent blocks. */
  const inflation = (1 + alike) / (1 - alike) - (2 * alike * (1 - alike ** blocks)) / (blocks * (1 - alike) ** 2);
  // Blocks that are alike lie closer to their own mean than to the true one.
  const seen = 1 - (inflation - 1) / (blocks - 1);
  return {
    variance: ((blocks / (blocks - 1)) * squares * inflation) / seen,
    freedom: Math.max(1, FREEDOM / inflation),
  };
};

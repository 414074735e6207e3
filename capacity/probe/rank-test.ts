/**
 * Whether one sample lies above another (Mann-Whitney U, with ties, by the normal approximation). It asks for no shape of the
 * distributions, and a spike weighs no more than any other large value. From 8 values a side the approximation is good.
 */

/** Fewest values a side. */
export const FEWEST = 8;

export interface RankTest {
  /** How likely `after` would lie this high by chance, if nothing had changed. */
  readonly pRise: number;
  readonly pFall: number;
}

export const rankTest = (before: readonly number[], after: readonly number[]): RankTest => {
  const [n, m] = [before.length, after.length];
  const all = [
    ...before.map((value) => ({ value, isAfter: false })),
    ...after.map((value) => ({ value, isAfter: true })),
  ].sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < all.length; ) {
    let to = from + 1;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    const rank = (from + 1 + to) / 2;
    rankSum += rank * all.slice(from, to).filter(({ isAfter }) => isAfter).length;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const above = rankSum - (m * (m + 1)) / 2;
  const expected = (n * m) / 2;
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0)) return { pRise: 1, pFall: 1 };
  // U counts in halves: the correction keeps the approximation from claiming too much.
  const zOf = (excess: number): number => (excess - 0.5) / Math.sqrt(variance);
  return { pRise: upperTail(zOf(above - expected)), pFall: upperTail(zOf(expected - above)) };
};

/** Of the standard normal distribution, to 1.5e-7 (Abramowitz and Stegun, 7.1.26). */
const upperTail = (z: number): number => {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * series * Math.exp(-x * x);
  return z >= 0 ? tail : 1 - tail;
};

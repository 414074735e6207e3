/** A share of calls with its confidence interval: how sure it is that a limit was kept or broken. Pure arithmetic. */

import { type Counted, clustering } from "../../record/clustering.ts";
import { quantileOfT } from "../../record/student-t.ts";

export interface Share {
  /** 0 to 1, as are the bounds. NaN where there was no call. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's interval (99 %) on as many independent calls as these are worth. Calls that wait in one queue are slow together: the
 * spread of the share over consecutive batches, against that of independent calls, says by how much fewer they are
 * (batch means; Law, Simulation Modeling and Analysis, 9.5.3).
 * @param batches of one run or several, in order
 */
export const shareOf = (batches: readonly Counted[]): Share => {
  const held = batches.filter(({ of }) => of > 0);
  const calls = held.reduce((sum, { of }) => sum + of, 0);
  if (calls === 0) return { share: Number.NaN, low: 0, high: 1 };
  const share = held.reduce((sum, { events }) => sum + events, 0) / calls;
  // Where nothing happened, nothing was learned of the spread either.
  const t = quantileOfT(0.995, held.length < 2 || share === 0 ? Number.POSITIVE_INFINITY : held.length - 1);
  return { share, ...wilson(share, calls / clustering(held), t) };
};

/** Wilson 1927. */
const wilson = (share: number, count: number, z: number): { low: number; high: number } => {
  const squared = z ** 2 / count;
  const middle = (share + squared / 2) / (1 + squared);
  const half = (z * Math.sqrt((share * (1 - share)) / count + squared / (4 * count))) / (1 + squared);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
};

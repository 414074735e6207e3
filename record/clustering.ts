/** How much less calls tell than their number, since slow ones come together. Pure arithmetic. */

/** Consecutive calls of one run: so many were there, and in so many of them it happened. */
export interface Counted {
  readonly of: number;
  readonly events: number;
}

/**
 * How many calls are worth one independent one: the spread of a share over consecutive batches against that of independent
 * calls. Never below 1: that calls repel each other is chance.
 * @param batches in order; empty ones say nothing
 * @see Law, Simulation Modeling and Analysis, 9.5.3 (batch means)
 */
export const clustering = (batches: readonly Counted[]): number => {
  const held = batches.filter(({ of }) => of > 0);
  const calls = held.reduce((sum, { of }) => sum + of, 0);
  const share = held.reduce((sum, { events }) => sum + events, 0) / calls;
  const independent = (share * (1 - share)) / calls;
  if (held.length < 2 || independent === 0) return 1;
  const squares = held.reduce((sum, { events, of }) => sum + (events - share * of) ** 2, 0);
  const measured = (squares * held.length) / (held.length - 1) / calls ** 2;
  return Math.max(1, measured / independent);
};

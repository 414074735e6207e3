/** How a server's operations fare under load, taken together: all of them slower, one of them, or none. */
import { type Growth, growthOf } from "./growth.ts";
import { isWork, type ServerView } from "./server-view.ts";

export interface Grown extends Growth {
  readonly operation: string;
  /** How many calls the server works on at a time, as the growth says. */
  readonly atOnce: number;
}

export interface Queueing {
  /** Slower under load, the slowest first. */
  readonly grown: readonly Grown[];
  /** As quick under the same load as without. */
  readonly flat: readonly (Growth & { readonly operation: string })[];
}

/** Slower by less is what every server does under load; by less than this an agent does not notice. */
const LEAST_FACTOR = 2;
const LEAST_MORE_MS = 50;
const MOST_FLAT = 1.6;

export const queueingOf = ({ bands }: ServerView): Queueing => {
  const grown: Grown[] = [];
  const flat: (Growth & { operation: string })[] = [];
  for (const [operation, levels] of bands) {
    const growth = isWork(operation) ? growthOf(levels) : null;
    if (growth === null) continue;
    const { factor, sureFactor, busyMs, quietMs, busyLoad } = growth;
    if (factor <= MOST_FLAT) flat.push({ operation, ...growth });
    else if (sureFactor >= LEAST_FACTOR && busyMs - quietMs >= LEAST_MORE_MS) {
      grown.push({ operation, ...growth, atOnce: Math.max(1, busyLoad / factor) });
    }
  }
  grown.sort((a, b) => b.busyMs - a.busyMs);
  const [slowest] = grown;
  // What was never called while there was much to do says nothing.
  const tried = flat.filter(({ busyLoad }) => slowest !== undefined && busyLoad >= slowest.busyLoad / 2);
  return { grown, flat: tried };
};

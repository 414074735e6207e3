/** At how many sessions a further replica should start: two rules, the lower of them, and never more than was carried. */

import type { Answer } from "./answer.ts";
import type { Regions } from "./regions.ts";

/** Room below the knee: a new replica takes its time to start. */
const OF_KNEE = 0.8;
/** The usual rule of thumb: a ceiling of 20 gives 15. */
const OF_CEILING = 0.75;

export interface Trigger {
  /** Sessions per replica; null where the rule has nothing to go by. */
  readonly atKnee: number | null;
  readonly atCeiling: number | null;
  /** The most that was carried; null where nothing was, or a higher count kept the limits that a lower one broke. */
  readonly carried: number | null;
  readonly advised: number | null;
}

/**
 * Of "at least N" and "below N" there is none by the ceiling: nobody knows it.
 * @param isContradicted a count above the first broken one kept the limits: nobody knows where it begins to break
 */
export const triggerOf = (answer: Answer, { knee }: Regions, isContradicted: boolean): Trigger => {
  const carried = isContradicted ? null : carriedOf(answer);
  if (carried === null) return { atKnee: null, atCeiling: null, carried, advised: null };
  const atKnee = knee === null ? null : Math.max(1, Math.floor(knee * OF_KNEE));
  const atCeiling = answer.kind === "ceiling" ? Math.max(1, Math.floor(answer.sessions * OF_CEILING)) : null;
  const known = [atKnee, atCeiling].filter((each) => each !== null);
  return { atKnee, atCeiling, carried, advised: known.length === 0 ? null : Math.min(carried, ...known) };
};

const carriedOf = (answer: Answer): number | null => {
  if (answer.kind === "ceiling") return answer.carried;
  return answer.kind === "at-least" ? answer.sessions : null;
};

/** At how many sessions a further replica should start: two rules, and the lower of them is advised. */

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
  readonly advised: number | null;
}

/** Of "at least N" and "below N" there is none by the ceiling: nobody knows it. */
export const triggerOf = (answer: Answer, { knee }: Regions): Trigger => {
  const atKnee = knee === null ? null : Math.max(1, Math.floor(knee * OF_KNEE));
  const atCeiling = answer.kind === "ceiling" ? Math.max(1, Math.floor(answer.sessions * OF_CEILING)) : null;
  const known = [atKnee, atCeiling].filter((each) => each !== null);
  return { atKnee, atCeiling, advised: known.length === 0 ? null : Math.min(...known) };
};

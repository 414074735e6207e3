/** Whether a run under an arrival rate had the load that was planned: starts that found no free user put none on the server. */

import { countText, percentText } from "../record/duration-text.ts";
import type { RunFile } from "../record/run-file.ts";

/** Of the planned starts of a class this part may be missing: with more, times and rates are those of a smaller load. */
const MOST_DROPPED = 0.01;

/** In a small run a hundredth is less than what waits for a user when the run ends: a tenth then, up to as many starts. */
const FEW = 10;

const mostDropped = (planned: number): number => Math.max(1, MOST_DROPPED * planned, Math.min(FEW, planned / 10));

export interface DroppedStarts {
  /** Why the run cannot be judged, one sentence for each class that lacks too much. */
  readonly invalid: readonly string[];
  /** Of classes that lack little. */
  readonly notes: readonly string[];
}

export const droppedSentences = ({ arrivals }: Pick<RunFile, "arrivals">): DroppedStarts => {
  const invalid: string[] = [];
  const notes: string[] = [];
  for (const [name, { count, outcomes }] of Object.entries(arrivals)) {
    const dropped = outcomes.dropped?.count ?? 0;
    if (dropped === 0) continue;
    const share = `${countText(dropped)} of ${countText(count)} planned starts (${percentText(dropped, count)}) found no free user and were dropped`;
    if (dropped <= mostDropped(count)) notes.push(`${name}: ${share}`);
    else invalid.push(`the planned load was not reached: ${name}: ${share}; ${WHAT_TO_DO}`);
  }
  return { invalid, notes };
};

const WHAT_TO_DO = "the times are those of the starts that began: more users (-u), or a lower rate";

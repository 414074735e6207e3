/** How many calls of a burst a server works on at a time, where the bursts of a run tell it and it makes a difference. */
import { lanesOfBursts } from "../record/facts/bursts.ts";
import { lightestLoad } from "../record/facts/by-load.ts";
import type { Lanes } from "../record/facts/lanes.ts";
import { serverOf } from "../record/server-part.ts";
import type { ServerView } from "./server-view.ts";

export interface BurstLanes {
  /** Fewest and most that are likely. `all`: no call waits for another. */
  readonly fewest: Lanes;
  readonly most: Lanes;
  readonly bursts: number;
  readonly calls: number;
  /** Means: of a whole burst, and of one call's own work. */
  readonly tookMs: number;
  readonly workMs: number;
}

/** @returns of the kind of burst that was made most often; null where nothing is known */
export const burstLanes = ({ name, facts, processes }: ServerView): BurstLanes | null => {
  // What other processes had under way when a burst began is not known.
  if (processes > 1) return null;
  let most: BurstLanes | null = null;
  const light = lightestLoad(name, facts.byLoad);
  for (const [kind, burst] of Object.entries(facts.bursts ?? {})) {
    const { calls, bursts } = burst;
    const found = serverOf(kind) === name ? lanesOfBursts(burst, light) : null;
    if (found === null) continue;
    const each = { ...found, calls: Math.round(calls / Math.max(1, bursts)) };
    if (found.bursts > (most?.bursts ?? 0)) most = each;
  }
  return most;
};

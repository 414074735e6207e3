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
  /** Of a whole burst, p50, and of one call's own work. */
  readonly tookMs: number;
  readonly workMs: number;
}

/** A burst that is over so soon after its first call has waited for nothing that an agent notices. */
const LEAST_WAIT_MS = 50;

/** @returns of the kind of burst that was made most often; null where nothing is known */
export const burstLanes = ({ name, facts }: ServerView): BurstLanes | null => {
  let most: BurstLanes | null = null;
  const light = lightestLoad(name, facts.byLoad);
  for (const [kind, burst] of Object.entries(facts.bursts ?? {})) {
    const { took, calls, bursts } = burst;
    const found = serverOf(kind) === name ? lanesOfBursts(burst, light) : null;
    if (found === null || took.p50Ms - found.workMs < LEAST_WAIT_MS) continue;
    const each = { ...found, calls: Math.round(calls / Math.max(1, bursts)), tookMs: took.p50Ms };
    if (found.bursts > (most?.bursts ?? 0)) most = each;
  }
  return most;
};

/** One call at a time: N calls under way take N times as long as one, whatever they do. */
import { countText, msText } from "../../record/duration-text.ts";
import { burstLanes } from "../burst-lanes.ts";
import { growthText } from "../evidence.ts";
import { queueingOf } from "../queueing.ts";
import type { ServerView } from "../server-view.ts";

/** Between one at a time and two, as ratios go. */
export const MOST_AT_ONCE = 1.5;

export const serialising = (server: ServerView): string | null => ofBursts(server) ?? underLoad(server);

const ofBursts = (server: ServerView): string | null => {
  const found = burstLanes(server);
  if (found === null || found.most !== 1) return null;
  const { calls, bursts, tookMs, workMs } = found;
  return `${calls} calls sent at once were answered one after the other, ${msText(workMs)} ms each and ${msText(tookMs)} ms in all (${countText(bursts)} bursts)`;
};

const underLoad = (server: ServerView): string | null => {
  // Each process counts its own calls: how many there were in all at a moment nobody knows.
  if (server.processes > 1) return null;
  const { grown, flat } = queueingOf(server);
  const [slowest] = grown;
  if (slowest === undefined || flat.length > 0 || slowest.atOnce > MOST_AT_ONCE) return null;
  return `${growthText(slowest, server)}: as when each waits for all before it`;
};

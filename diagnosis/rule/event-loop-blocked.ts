/** Nobody is answered for long, again and again, and then all at once: p99 jumps while p50 stays low. */
import { countText, msText } from "../../record/duration-text.ts";
import { RoughTimes } from "../../record/rough-times.ts";
import { isWork, type ServerView } from "../server-view.ts";

/** One may be a pause of the network. */
const FEWEST = 2;
/** As long as many calls: what waits in a queue anyway waits no longer for it. */
const LEAST_CALLS_LONG = 8;
/** Our own event loop was never late by a comparable time. */
const MOST_OWN_SHARE = 0.5;

export const eventLoopBlocked = ({ name, facts, bands, generator }: ServerView): string | null => {
  const silences = facts.silences?.[name];
  if (silences === undefined || silences.silences < FEWEST) return null;
  const ok = new RoughTimes();
  for (const [operation, levels] of bands) if (isWork(operation)) for (const level of levels) ok.add(level.ok);
  const [p50Ms, p99Ms] = [ok.percentileMs(50), ok.percentileMs(99)];
  const silentMs = silences.lengths.p50Ms;
  if (p50Ms === 0 || silentMs < LEAST_CALLS_LONG * p50Ms) return null;
  if (generator.eventLoopDelayMaxMs > MOST_OWN_SHARE * silentMs) return null;
  const waited = Math.round(silences.waited / silences.silences);
  return `${countText(silences.silences)} times no answer for ${msText(silentMs)} ms (median), then all ${waited} that waited at once; calls p50 ${msText(p50Ms)}, p99 ${msText(p99Ms)} ms`;
};

/** Nobody is answered for long, again and again, and then all at once: p99 jumps while p50 stays low. */
import { countText, msText } from "../../record/duration-text.ts";
import { addFactTimes } from "../../record/facts/fact-times.ts";
import { RoughTimes } from "../../record/rough-times.ts";
import { Times } from "../../record/times.ts";
import { isWork, type ServerView } from "../server-view.ts";

/** One may be a pause of the network. */
const FEWEST = 2;
/** Shorter ones a busy machine has without any fault. */
const LEAST_MS = 150;
/** As long as so many calls: what waits in a queue anyway waits no longer for it. */
const LEAST_CALLS_LONG = 6;
/** A second in which our own event loop was late by this share of a silence explains one: both stood still. */
const OWN_SHARE = 0.5;

export const eventLoopBlocked = ({ name, facts, bands, ownDelaysMs }: ServerView): string | null => {
  const silences = facts.silences?.[name];
  if (silences === undefined) return null;
  const ok = new RoughTimes();
  for (const [operation, levels] of bands) if (isWork(operation)) for (const level of levels) ok.add(level.ok);
  const [p50Ms, p99Ms] = [ok.percentileMs(50), ok.percentileMs(99)];
  const leastMs = Math.max(LEAST_MS, LEAST_CALLS_LONG * p50Ms);
  const long = new Times();
  addFactTimes(long, { ...silences.lengths, buckets: longerThan(leastMs, silences.lengths.buckets) });
  const ownMs = OWN_SHARE * long.percentileMs(50);
  const ours = ownDelaysMs.filter((ms) => ms >= ownMs).length;
  if (p50Ms === 0 || long.count - ours < FEWEST) return null;
  const waited = Math.round(silences.waited / silences.silences);
  return `${countText(long.count)} times no answer for ${msText(long.percentileMs(50))} ms (median), then all at once to the ${waited} calls that waited; calls p50 ${msText(p50Ms)}, p99 ${msText(p99Ms)} ms`;
};

/** @param buckets µs and count in turn */
const longerThan = (ms: number, buckets: readonly number[]): number[] => {
  const kept: number[] = [];
  for (let at = 0; at + 1 < buckets.length; at += 2) {
    const us = buckets[at] ?? 0;
    if (us >= ms * 1000) kept.push(us, buckets[at + 1] ?? 0);
  }
  return kept;
};

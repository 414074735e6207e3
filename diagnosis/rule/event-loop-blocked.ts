/** Nobody is answered for long, again and again, and then all at once: p99 jumps while p50 stays low. */

import { countText, msText } from "../../record/duration-text.ts";
import { addFactTimes } from "../../record/facts/fact-times.ts";
import { ownValue } from "../../record/own-value.ts";
import { RoughTimes } from "../../record/rough-times.ts";
import { Times } from "../../record/times.ts";
import { isWork, type ServerView } from "../server-view.ts";

/** One may be a pause of the network. */
const FEWEST = 2;
/** Shorter ones a busy machine has without any fault. */
const LEAST_MS = 150;
/** As long as so many calls of the slowest kind: several of these that began together are no silence. */
const LEAST_CALLS_LONG = 6;
/** Of fewer answers an operation's p50 is anything. */
const FEWEST_ANSWERS = 5;
/** A second in which our own event loop was late by this share of a silence explains one: both stood still. */
const OWN_SHARE = 0.5;

export const eventLoopBlocked = ({ name, facts, bands, ownDelaysMs }: ServerView): string | null => {
  const silences = ownValue(facts.silences, name);
  if (silences === undefined) return null;
  const all = new RoughTimes();
  let slowestMs = 0;
  for (const [operation, levels] of bands) {
    if (!isWork(operation)) continue;
    const ok = new RoughTimes();
    for (const level of levels) ok.add(level.ok);
    all.add(ok.buckets());
    if (ok.count >= FEWEST_ANSWERS) slowestMs = Math.max(slowestMs, ok.percentileMs(50));
  }
  const [p50Ms, p99Ms] = [all.percentileMs(50), all.percentileMs(99)];
  const leastMs = Math.max(LEAST_MS, LEAST_CALLS_LONG * slowestMs);
  const long = new Times();
  addFactTimes(long, { ...silences.lengths, buckets: longerThan(leastMs, silences.lengths.buckets) });
  const ownMs = OWN_SHARE * long.percentileMs(50);
  const ours = ownDelaysMs.filter((ms) => ms >= ownMs).length;
  if (slowestMs === 0 || long.count - ours < FEWEST) return null;
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

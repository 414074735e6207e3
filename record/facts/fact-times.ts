/** Durations in a fact: the summary that people read, and the buckets from which several records are added exactly. */
import * as z from "zod";
import { bucketOf } from "../buckets.ts";
import { Times, type TimesSummary } from "../times.ts";
import { timesSummary } from "../times-summary-schema.ts";

export const factTimes = timesSummary.extend({
  /** µs and count in turn, smallest first. */
  buckets: z.array(z.number()),
});
export type FactTimes = z.infer<typeof factTimes>;

export const factTimesOf = (times: Times): FactTimes => ({
  ...(times.summary() satisfies TimesSummary),
  buckets: times.buckets().flat(),
});

/** Adds to `times` what a record says. */
export const addFactTimes = (times: Times, { count, minMs, maxMs, sumMs, buckets }: FactTimes): void => {
  const theirs = new Times();
  for (let at = 0; at + 1 < buckets.length; at += 2) {
    theirs.addBucket(bucketOf(buckets[at] ?? 0), buckets[at + 1] ?? 0);
  }
  // Of a damaged record the bounds are of values that are not there.
  if (count > 0 && theirs.count === count) {
    theirs.setExact({ minUs: usOf(minMs), maxUs: usOf(maxMs), sumUs: usOf(sumMs) });
  }
  times.add(theirs);
};

const usOf = (ms: number): number => Math.round(ms * 1000);

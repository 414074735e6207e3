/** Durations in a fact: the summary that people read, and the buckets from which several records are added exactly. */
import * as z from "zod";
import { bucketOf } from "../buckets.ts";
import type { Times, TimesSummary } from "../times.ts";

const ms = z.number();

export const factTimes = z.object({
  count: z.number().int(),
  minMs: ms,
  meanMs: ms,
  p50Ms: ms,
  p90Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
  p999Ms: ms,
  maxMs: ms,
  sumMs: ms,
  /** µs and count in turn, smallest first. */
  buckets: z.array(z.number()),
});
export type FactTimes = z.infer<typeof factTimes>;

export const factTimesOf = (times: Times): FactTimes => ({
  ...(times.summary() satisfies TimesSummary),
  buckets: times.buckets().flat(),
});

/** Adds to `times` what a record says. Exact but for the sum, which is of the middles of the buckets (within 0.05 %). */
export const addFactTimes = (times: Times, { buckets }: FactTimes): void => {
  for (let at = 0; at + 1 < buckets.length; at += 2) times.addBucket(bucketOf(buckets[at] ?? 0), buckets[at + 1] ?? 0);
};

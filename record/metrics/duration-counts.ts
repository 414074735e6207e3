/** Times in a few fixed classes, as monitoring systems keep them. A percentile is read from the record, never from these. */
import { bucketOf } from "../buckets.ts";
import type { Times } from "../times.ts";

/**
 * Upper bounds in seconds. From 10 ms up those that OpenTelemetry's conventions for MCP recommend; below, what a server on
 * the same machine needs.
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/, metrics
 */
export const BOUNDS_SECONDS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300,
] as const;

export interface DurationCounts {
  /** One for each bound, and one for what lies above all of them; not added up. */
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

const BOUND_BUCKETS = BOUNDS_SECONDS.map((bound) => bucketOf(bound * 1_000_000));

/** A value is taken for the smallest of its bucket: by 0.1 % at most it may stand one class too low. */
export const durationCounts = (times: Times): DurationCounts => {
  const counts: number[] = new Array(BOUND_BUCKETS.length + 1).fill(0);
  let at = 0;
  times.forEachBucket((bucket, count) => {
    while (bucket > (BOUND_BUCKETS[at] ?? Number.POSITIVE_INFINITY)) at += 1;
    counts[at] = (counts[at] ?? 0) + count;
  });
  return { counts, sumSeconds: times.summary().sumMs / 1000 };
};

export const addedCounts = (a: DurationCounts, b: DurationCounts): DurationCounts => ({
  counts: a.counts.map((count, at) => count + (b.counts[at] ?? 0)),
  sumSeconds: a.sumSeconds + b.sumSeconds,
});

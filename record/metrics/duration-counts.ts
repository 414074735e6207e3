/** Times in a few fixed classes, as monitoring systems keep them. A percentile is read from the record, never from these. */
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

/** A value is taken for the smallest of its bucket: by 0.1 % at most it may stand one class too low. */
export const durationCounts = (times: readonly Times[]): DurationCounts => {
  const counts: number[] = new Array(BOUNDS_SECONDS.length + 1).fill(0);
  let sumMs = 0;
  for (const each of times) {
    sumMs += each.summary().sumMs;
    for (const [floorUs, count] of each.buckets()) {
      const above = BOUNDS_SECONDS.findIndex((bound) => floorUs <= bound * 1_000_000);
      const at = above === -1 ? BOUNDS_SECONDS.length : above;
      counts[at] = (counts[at] ?? 0) + count;
    }
  }
  return { counts, sumSeconds: sumMs / 1000 };
};

export const addedCounts = (a: DurationCounts, b: DurationCounts): DurationCounts => ({
  counts: a.counts.map((count, at) => count + (b.counts[at] ?? 0)),
  sumSeconds: a.sumSeconds + b.sumSeconds,
});

/**
 * The per-second rows of `timeline.jsonl`: their shape, how a second's recording becomes one, and how the rows of several
 * processes for the same second become one.
 */
import { z } from "zod";
import { bucketOf } from "./buckets.ts";
import type { Recording } from "./recording.ts";
import type { Gauges } from "./sample.ts";
import { Times } from "./times.ts";

const nameRow = z.object({
  count: z.number(),
  failures: z.number(),
  /** Service time of the second's ok answers, ms. Absent when there was none. */
  p50Ms: z.number().optional(),
  p95Ms: z.number().optional(),
  p99Ms: z.number().optional(),
  /** The same as bucket, count, bucket, count, ... (µs): only in the parts of a run, to merge exactly. */
  buckets: z.array(z.number()).optional(),
});

const gaugesRow = z.object({
  sessionsOpen: z.number(),
  sessionsByServer: z.record(z.string(), z.number()).optional(),
  operationsInFlight: z.number(),
  users: z.number(),
  eventLoopDelayP99Ms: z.number(),
  eventLoopDelayMaxMs: z.number(),
  bridgeCpu: z.number(),
  locustCpu: z.number().nullable(),
  bridgeRssBytes: z.number(),
});

const timelineRowSchema = z.object({
  /** Whole seconds of the wall clock since the one in which the run started. */
  second: z.number().int(),
  operations: z.record(z.string(), nameRow),
  gauges: gaugesRow.nullable(),
});

export type TimelineRow = z.infer<typeof timelineRowSchema>;
type NameRow = z.infer<typeof nameRow>;

export interface RowOptions {
  readonly second: number;
  readonly recording: Recording;
  readonly gauges: Gauges | null;
  readonly hasBuckets: boolean;
}

export const timelineRow = ({ second, recording, gauges, hasBuckets }: RowOptions): TimelineRow => {
  const operations: Record<string, NameRow> = {};
  for (const [name, counts] of Object.entries(recording.totals().operations)) {
    const count = Object.values(counts).reduce((sum, each) => sum + each, 0);
    const times = recording.times(name, "ok", "service");
    operations[name] = {
      count,
      failures: count - (counts.ok ?? 0),
      ...percentilesOf(times),
      ...(hasBuckets && times.count > 0 && { buckets: times.buckets().flat() }),
    };
  }
  return { second, operations, gauges: gauges === null ? null : gaugesRow.parse(gauges) };
};

export const rowLine = (row: TimelineRow): string => `${JSON.stringify(row)}\n`;

/** @returns null for a torn line */
export const parseRow = (line: string): TimelineRow | null => {
  try {
    return timelineRowSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    // Not JSON: the end of a process cut the line.
    return null;
  }
};

/** One row from the rows of several processes for the same second. Sums, but the event loop's delay is the worst one's. */
export const mergedRow = (second: number, rows: readonly TimelineRow[]): TimelineRow => {
  const names = new Map<string, { count: number; failures: number; times: Times }>();
  for (const { operations } of rows) {
    for (const [name, { count, failures, buckets = [] }] of Object.entries(operations)) {
      const sum = names.get(name) ?? { count: 0, failures: 0, times: new Times() };
      names.set(name, sum);
      sum.count += count;
      sum.failures += failures;
      for (let at = 0; at + 1 < buckets.length; at += 2)
        sum.times.addBucket(bucketOf(buckets[at] ?? 0), buckets[at + 1] ?? 0);
    }
  }
  const operations: Record<string, NameRow> = {};
  for (const [name, { count, failures, times }] of names) {
    operations[name] = { count, failures, ...percentilesOf(times) };
  }
  const gauges = rows.flatMap((row) => row.gauges ?? []);
  return { second, operations, gauges: gauges.length === 0 ? null : gauges.reduce(mergedGauges) };
};

const percentilesOf = (times: Times): Pick<NameRow, "p50Ms" | "p95Ms" | "p99Ms"> => {
  if (times.count === 0) return {};
  const { p50Ms, p95Ms, p99Ms } = times.summary();
  return { p50Ms, p95Ms, p99Ms };
};

type GaugesRow = z.infer<typeof gaugesRow>;

const mergedGauges = (a: GaugesRow, b: GaugesRow): GaugesRow => ({
  sessionsOpen: a.sessionsOpen + b.sessionsOpen,
  sessionsByServer: summed(a.sessionsByServer ?? {}, b.sessionsByServer ?? {}),
  operationsInFlight: a.operationsInFlight + b.operationsInFlight,
  users: a.users + b.users,
  eventLoopDelayP99Ms: Math.max(a.eventLoopDelayP99Ms, b.eventLoopDelayP99Ms),
  eventLoopDelayMaxMs: Math.max(a.eventLoopDelayMaxMs, b.eventLoopDelayMaxMs),
  bridgeCpu: a.bridgeCpu + b.bridgeCpu,
  locustCpu: a.locustCpu === null ? b.locustCpu : a.locustCpu + (b.locustCpu ?? 0),
  bridgeRssBytes: a.bridgeRssBytes + b.bridgeRssBytes,
});

const summed = (a: Record<string, number>, b: Record<string, number>): Record<string, number> => {
  const sums = { ...a };
  for (const [key, value] of Object.entries(b)) sums[key] = (sums[key] ?? 0) + value;
  return sums;
};

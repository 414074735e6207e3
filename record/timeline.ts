/**
 * The per-second rows of `timeline.jsonl`: their shape, how a second's recording becomes one, and how the rows of several
 * processes for the same second become one.
 */

import { z } from "zod";
import { bucketOf } from "./buckets.ts";
import { entriesOf } from "./entries-of.ts";
import { ownValue } from "./own-value.ts";
import { OUTCOMES } from "./reason.ts";
import type { Totals } from "./recorder.ts";
import type { Recording } from "./recording.ts";
import type { Counts, Gauges } from "./sample.ts";
import { Times } from "./times.ts";

const nameRow = z.object({
  count: z.number(),
  failures: z.number(),
  /** The failures by reason. Absent when there was none, and in older records. */
  reasons: z.partialRecord(z.enum(OUTCOMES), z.number()).optional(),
  /** Service time of the second's ok answers, ms. Absent when there was none. */
  p50Ms: z.number().optional(),
  p95Ms: z.number().optional(),
  p99Ms: z.number().optional(),
  /** The same as bucket, count, bucket, count, ... (µs): only in the parts of a run, to merge exactly. */
  buckets: z.array(z.number()).optional(),
});

/** Planned starts whose end was told in this second. */
const arrivalsRow = z.object({ begun: z.number(), dropped: z.number() });

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
  bridgeBusy: z.number().optional(),
  bridgeWaited: z.number().optional(),
  locustWaited: z.number().optional(),
  locustLateMs: z.number().optional(),
  linkLagMs: z.number().optional(),
  machineBusy: z.number().optional(),
  throttled: z.number().optional(),
  openFilesShare: z.number().optional(),
  heapShare: z.number().optional(),
  memoryShare: z.number().optional(),
});

/** A year. What lies behind it is a damaged digit, and no date can be made of it. */
export const LONGEST_RUN_S = 366 * 86_400;

export const timelineRowSchema = z.object({
  /** Whole seconds of the wall clock since the one in which the run started. */
  second: z.number().int().min(0).max(LONGEST_RUN_S),
  operations: z.record(z.string(), nameRow),
  /** By name; absent where nothing was planned, and in older records. */
  arrivals: z.record(z.string(), arrivalsRow).optional(),
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
  const totals = recording.totals();
  for (const [name, counts] of Object.entries(totals.operations)) {
    const count = Object.values(counts).reduce((sum, each) => sum + each, 0);
    const times = recording.times(name, "ok", "service");
    const { ok = 0, ...reasons } = counts;
    operations[name] = {
      count,
      failures: count - ok,
      ...(count > ok && { reasons }),
      ...percentilesOf(times),
      ...(hasBuckets && times.count > 0 && { buckets: times.buckets().flat() }),
    };
  }
  return {
    second,
    operations,
    ...arrivalsOf(totals.arrivals),
    gauges: gauges === null ? null : gaugesRow.parse(gauges),
  };
};

const arrivalsOf = (totals: Totals["arrivals"]): Pick<TimelineRow, "arrivals"> => {
  const names = Object.entries(totals);
  if (names.length === 0) return {};
  return {
    arrivals: Object.fromEntries(names.map(([name, { ok = 0, dropped = 0 }]) => [name, { begun: ok, dropped }])),
  };
};

export const rowLine = (row: TimelineRow): string => `${JSON.stringify(row)}\n`;

/** @returns null for a torn or damaged line */
export const parseRow = (line: string): TimelineRow | null => {
  try {
    return timelineRowSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    // Not JSON: the end of a process cut the line.
    return null;
  }
};

/** One row from the rows of several processes for the same second. Sums; delays and shares are the worst one's. */
export const mergedRow = (second: number, rows: readonly TimelineRow[]): TimelineRow => {
  const names = new Map<string, { count: number; failures: number; reasons: Counts; times: Times }>();
  for (const { operations } of rows) {
    for (const [name, { count, failures, reasons = {}, buckets = [] }] of Object.entries(operations)) {
      const sum = names.get(name) ?? { count: 0, failures: 0, reasons: {}, times: new Times() };
      names.set(name, sum);
      sum.count += count;
      sum.failures += failures;
      for (const [reason, times] of entriesOf(reasons)) sum.reasons[reason] = (sum.reasons[reason] ?? 0) + times;
      for (let at = 0; at + 1 < buckets.length; at += 2)
        sum.times.addBucket(bucketOf(buckets[at] ?? 0), buckets[at + 1] ?? 0);
    }
  }
  const operations: Record<string, NameRow> = {};
  for (const [name, { count, failures, reasons, times }] of names) {
    const hasReasons = Object.keys(reasons).length > 0;
    operations[name] = { count, failures, ...(hasReasons && { reasons }), ...percentilesOf(times) };
  }
  const gauges = rows.flatMap((row) => row.gauges ?? []);
  return {
    second,
    operations,
    ...mergedArrivals(rows),
    gauges: gauges.length === 0 ? null : gauges.reduce(mergedGauges),
  };
};

const mergedArrivals = (rows: readonly TimelineRow[]): Pick<TimelineRow, "arrivals"> => {
  const sums = new Map<string, z.infer<typeof arrivalsRow>>();
  for (const [name, { begun, dropped }] of rows.flatMap((row) => Object.entries(row.arrivals ?? {}))) {
    const sum = sums.get(name) ?? { begun: 0, dropped: 0 };
    sums.set(name, { begun: sum.begun + begun, dropped: sum.dropped + dropped });
  }
  return sums.size > 0 ? { arrivals: Object.fromEntries(sums) } : {};
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
  ...worstOf(a, b),
});

/** What is a matter of one process, or of one machine, not of their sum. */
const OF_ONE_PROCESS = [
  "bridgeBusy",
  "bridgeWaited",
  "locustWaited",
  "locustLateMs",
  "linkLagMs",
  "machineBusy",
  "throttled",
  "openFilesShare",
  "heapShare",
  "memoryShare",
] as const satisfies readonly (keyof GaugesRow)[];

const worstOf = (a: GaugesRow, b: GaugesRow): Partial<GaugesRow> => {
  const worst: Partial<Record<(typeof OF_ONE_PROCESS)[number], number>> = {};
  for (const name of OF_ONE_PROCESS) {
    const values = [a[name], b[name]].filter((value) => value !== undefined);
    if (values.length > 0) worst[name] = Math.max(...values);
  }
  return worst;
};

const summed = (a: Record<string, number>, b: Record<string, number>): Record<string, number> => {
  const sums = { ...a };
  for (const [key, value] of Object.entries(b)) sums[key] = (ownValue(sums, key) ?? 0) + value;
  return sums;
};

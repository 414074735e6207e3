/** Two runs side by side, name by name. Says what changed, and judges nothing. */

import { hasRows } from "../record/origin.ts";
import { plannedServers } from "../record/planned-starts.ts";
import type { RunRecord } from "../record/read-run.ts";
import type { OperationRecord } from "../record/run-file.ts";
import { serverOf } from "../record/server-part.ts";
import { Measured } from "./measured.ts";

/** Of one run. Times are over all outcomes in ms, as the criteria on `response_time_ms` have them; null where none were taken. */
export interface Figures {
  readonly count: number;
  readonly errorPercent: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

const PERCENTILES = { p50Ms: 50, p95Ms: 95, p99Ms: 99 } as const;
export type PercentileKey = keyof typeof PERCENTILES;

export interface Compared {
  /** null: all operations together. */
  readonly name: string | null;
  /** null: the name is not in that run. */
  readonly before: Figures | null;
  readonly after: Figures | null;
  /** In percent of before; null where there is nothing to divide by. */
  readonly changePercent: Readonly<Record<PercentileKey, number | null>>;
}

export interface Comparison {
  readonly before: string;
  readonly after: string;
  /** All operations together first, then each name in order. */
  readonly rows: readonly Compared[];
  /** What a reader should know, one sentence each. */
  readonly notes: readonly string[];
}

export const compareRuns = (before: RunRecord, after: RunRecord): Comparison => {
  const [measuredBefore, measuredAfter] = [new Measured(before), new Measured(after)];
  const names = [...new Set([...Object.keys(before.file.operations), ...Object.keys(after.file.operations)])].sort();
  return {
    before: before.file.id,
    after: after.file.id,
    rows: [null, ...names].map((name) =>
      compared(name, figuresOf(before, measuredBefore, name), figuresOf(after, measuredAfter, name)),
    ),
    notes: [...notesOn(before, after), ...notesOn(after, before)],
  };
};

/** Servers with planned starts in one run alone. The service's rows do not say whether there were any. */
const notesOn = (run: RunRecord, other: RunRecord): string[] => {
  if (hasRows(other.file.origin)) return [];
  const others = new Set(Object.keys(other.file.operations).map(serverOf));
  const planned = plannedServers(other.file);
  return [...plannedServers(run.file)]
    .filter((server) => others.has(server) && !planned.has(server))
    .map((server) => `times of ${server} count from the planned start in ${run.file.id} alone (arrival rate)`);
};

const figuresOf = ({ file }: RunRecord, measured: Measured, name: string | null): Figures | null => {
  const operations = name === null ? Object.values(file.operations) : ownOperation(file.operations, name);
  const count = operations.reduce((sum, each) => sum + each.count, 0);
  if (count === 0) return null;
  const failures = operations.reduce((sum, each) => sum + each.failures, 0);
  const times = measured.responseTimes(name);
  const percentile = (key: PercentileKey): number | null =>
    times.count === 0 ? null : times.percentileMs(PERCENTILES[key]);
  return {
    count,
    errorPercent: (100 * failures) / count,
    p50Ms: percentile("p50Ms"),
    p95Ms: percentile("p95Ms"),
    p99Ms: percentile("p99Ms"),
  };
};

const ownOperation = (operations: Readonly<Record<string, OperationRecord>>, name: string): OperationRecord[] => {
  const own = Object.hasOwn(operations, name) ? operations[name] : undefined;
  return own === undefined ? [] : [own];
};

const compared = (name: string | null, before: Figures | null, after: Figures | null): Compared => {
  const change = (key: PercentileKey): number | null => {
    const [from, to] = [before?.[key] ?? null, after?.[key] ?? null];
    return from === null || to === null || from === 0 ? null : (100 * (to - from)) / from;
  };
  return {
    name,
    before,
    after,
    changePercent: { p50Ms: change("p50Ms"), p95Ms: change("p95Ms"), p99Ms: change("p99Ms") },
  };
};

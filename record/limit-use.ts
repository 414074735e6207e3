/** How near a server came to each of its limits (`slo`): measured beside allowed, as numbers. */
import type { OperationRecord } from "./run-file.ts";

export interface Limits {
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  readonly errorPercent?: number;
}

/** Ours, when none is set: a wait that a person gives up on, and one failure in a hundred. No standard says so. */
export const DEFAULT_LIMITS = { p99Ms: 5000, errorPercent: 1 } as const satisfies Limits;

/** Operations of one server, by the name that the reader knows them by. */
export type ServerCalls = readonly (readonly [name: string, operation: OperationRecord])[];

/** The time that a server's users wait for. */
export type AwaitedKind = "service" | "response";

export interface TimeUse {
  readonly limit: "p95Ms" | "p99Ms";
  readonly allowedMs: number;
  /** Of the slowest operation. */
  readonly measuredMs: number;
  readonly operation: string;
  /** Ok answers of that operation. */
  readonly answers: number;
}

export interface FailureUse {
  readonly limit: "errorPercent";
  readonly allowedPercent: number;
  readonly failures: number;
  readonly count: number;
}

/** With how much of the limit was used: 1 is all of it. Infinite for a failure where none is allowed. */
export type LimitUse = (TimeUse | FailureUse) & { readonly used: number; readonly isBroken: boolean };

/** What an entry of `servers` in a record sets; what is no number is none. A record may come from anywhere. @returns null for no limit */
export const limitsSet = (slo: unknown): Limits | null => {
  const given = new Map(typeof slo === "object" && slo !== null ? Object.entries(slo) : []);
  const limits = (["p95Ms", "p99Ms", "errorPercent"] as const).flatMap((name) => {
    const value: unknown = given.get(name);
    const least = name === "errorPercent" ? 0 : Number.MIN_VALUE;
    return typeof value === "number" && Number.isFinite(value) && value >= least ? [[name, value] as const] : [];
  });
  return limits.length === 0 ? null : Object.fromEntries(limits);
};

/** Of one operation, what ended of itself, well or not: all but what the end of the run or the test itself cut off. */
export const endedOf = ({ count, outcomes }: OperationRecord): number => count - (outcomes.cancelled?.count ?? 0);

/** Of one operation, what is held against its server: not what the end of the run or the test itself cut off. */
export const failuresOf = ({ failures, outcomes }: OperationRecord): number =>
  failures - (outcomes.cancelled?.count ?? 0);

/**
 * One for each limit that is set, and of which something can be said: without any ok answer there is no percentile, and
 * the failures have the word; where nothing ended of itself, nobody has.
 */
export const limitUses = (calls: ServerCalls, limits: Limits | null, kind: AwaitedKind): LimitUse[] => {
  const used: Limits = limits ?? DEFAULT_LIMITS;
  const times = (["p95Ms", "p99Ms"] as const).flatMap((limit) => {
    const allowedMs = used[limit];
    const slowest = allowedMs === undefined ? null : slowestOf(calls, limit, kind);
    if (allowedMs === undefined || slowest === null) return [];
    const { measuredMs } = slowest;
    return { limit, allowedMs, ...slowest, used: measuredMs / allowedMs, isBroken: measuredMs > allowedMs };
  });
  return used.errorPercent === undefined ? times : [...times, ...failureUse(calls, used.errorPercent)];
};

const failureUse = (calls: ServerCalls, allowedPercent: number): LimitUse[] => {
  const count = calls.reduce((sum, [, each]) => sum + endedOf(each), 0);
  if (count === 0) return [];
  const failures = calls.reduce((sum, [, each]) => sum + failuresOf(each), 0);
  const percent = (100 * failures) / count;
  const used = failures === 0 ? 0 : percent / allowedPercent;
  return [{ limit: "errorPercent", allowedPercent, failures, count, used, isBroken: percent > allowedPercent }];
};

const slowestOf = (
  calls: ServerCalls,
  limit: TimeUse["limit"],
  kind: AwaitedKind,
): Pick<TimeUse, "measuredMs" | "operation" | "answers"> | null => {
  const all = calls.flatMap(([operation, { outcomes }]) => {
    const times = outcomes.ok?.times[kind];
    return times === undefined ? [] : { operation, measuredMs: times[limit], answers: times.count };
  });
  const [first, ...rest] = all;
  if (first === undefined) return null;
  return rest.reduce((slowest, each) => (each.measuredMs > slowest.measuredMs ? each : slowest), first);
};

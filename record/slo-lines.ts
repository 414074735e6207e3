/** Whether a server kept the limits that its entry in `loadtest.yaml` sets, in words. The verdict of a run is the gate's. */
import { msText, percentText } from "./duration-text.ts";
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

export interface LimitLine {
  readonly text: string;
  readonly isBroken: boolean;
}

const PERCENTILES = { p95Ms: "p95", p99Ms: "p99" } as const;

/** The table above has service times, and needs no word for them. */
const KIND_TEXT = { service: "", response: ", response time" } as const;

/** Of one operation, what is held against its server: not what the end of the run or the test itself cut off. */
export const failuresOf = ({ failures, outcomes }: OperationRecord): number =>
  failures - (outcomes.cancelled?.count ?? 0);

/**
 * One line for the limits that hold; each percentile is that of the slowest operation.
 * @param kind of the times that are held against the limits: the one that the server's users wait for
 */
export const limitLines = (calls: ServerCalls, limits: Limits | null, kind: "service" | "response"): LimitLine[] => {
  const used: Limits = limits ?? DEFAULT_LIMITS;
  const broken: string[] = [];
  const kept: string[] = [];
  for (const key of ["p95Ms", "p99Ms"] as const) {
    const limit = used[key];
    if (limit === undefined) continue;
    const [slowest, ms] = slowestOf(calls, key, kind);
    // No ok answer at all: there is no percentile, and the failures' limit has the word.
    if (ms === 0) continue;
    const text = `${PERCENTILES[key]} ${msText(ms)} of ${msText(limit)} ms (${slowest}${KIND_TEXT[kind]})`;
    (ms > limit ? broken : kept).push(text);
  }
  if (used.errorPercent !== undefined) {
    const count = calls.reduce((sum, [, each]) => sum + each.count - (each.outcomes.cancelled?.count ?? 0), 0);
    const failures = calls.reduce((sum, [, each]) => sum + failuresOf(each), 0);
    const isOver = count > 0 && (100 * failures) / count > used.errorPercent;
    (isOver ? broken : kept).push(`failures ${percentText(failures, count)} of ${used.errorPercent}%`);
  }
  const lines: LimitLine[] = [];
  if (broken.length > 0) lines.push({ text: `slo broken: ${broken.join(", ")}`, isBroken: true });
  if (kept.length > 0) lines.push({ text: `slo within: ${kept.join(", ")}`, isBroken: false });
  return lines;
};

const slowestOf = (
  calls: ServerCalls,
  key: keyof typeof PERCENTILES,
  kind: keyof typeof KIND_TEXT,
): [name: string, ms: number] =>
  calls
    .map(([name, { outcomes }]): [string, number] => [name, outcomes.ok?.times[kind]?.[key] ?? 0])
    .reduce((slowest, each) => (each[1] > slowest[1] ? each : slowest), ["", 0]);

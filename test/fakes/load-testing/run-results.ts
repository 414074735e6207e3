/** What the engines of a fake run measured, what the service makes of it, and how it judges the test's criteria. */

import { isMap, type Json } from "./merge-patch.ts";

/** One operation, as one row of an engine's CSV. */
export interface ResultRow {
  /** From 1. */
  readonly engine: number;
  /** When, as a part of the run's execution: 0 its start, 1 its end. */
  readonly at: number;
  readonly elapsedMs: number;
  readonly label: string;
  /** Text of the failure; null: it went well. */
  readonly failure: string | null;
  readonly responseCode?: string;
  readonly bytes?: number;
}

export interface RunSeed {
  readonly testRunId: string;
  readonly engines: number;
  readonly users: number;
}

const NAMES = [
  { label: "learn:initialize", ms: 40, weight: 1 },
  { label: "learn:tools/list", ms: 25, weight: 1 },
  { label: "learn:tools/call:microsoft_docs_search", ms: 320, weight: 10 },
  { label: "github:tools/call:search_code", ms: 180, weight: 6 },
] as const;
const FAILURES = ["timeout: no answer within the limit", "tool-error: the tool said no"] as const;
const ROWS_OF_AN_ENGINE = 200;

/** The same id gives the same rows. About one in sixty fails. */
export const seededRows = ({ testRunId, engines }: RunSeed): readonly ResultRow[] => {
  const random = generator(testRunId);
  const labels = NAMES.flatMap((name) => Array.from({ length: name.weight }, () => name));
  const row = (engine: number, index: number): ResultRow => {
    const { label, ms } = labels[Math.floor(random() * labels.length)] ?? NAMES[0];
    const failure = random() < 1 / 60 ? (FAILURES[Math.floor(random() * FAILURES.length)] ?? null) : null;
    return {
      engine,
      at: index / ROWS_OF_AN_ENGINE,
      elapsedMs: Math.round(ms * (0.5 + random() ** 3 * 4)),
      label,
      failure,
    };
  };
  return Array.from({ length: engines }, (_, engine) =>
    Array.from({ length: ROWS_OF_AN_ENGINE }, (_, index) => row(engine + 1, index)),
  ).flat();
};

/** Mulberry32 over a hash of the seed. */
const generator = (seed: string): (() => number) => {
  let state = [...seed].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619), 2166136261);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** Nearest rank. @param sorted ascending */
const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;

const sortedMs = (rows: readonly ResultRow[]): readonly number[] =>
  rows.map(({ elapsedMs }) => elapsedMs).sort((a, b) => a - b);

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** `testRunStatistics`: by name, and `Total`. */
export const statisticsOf = (rows: readonly ResultRow[], seconds: number): Json => {
  const byName = Map.groupBy(rows, ({ label }) => label);
  const all = [...byName, ["Total", rows] as const];
  return Object.fromEntries(all.map(([name, some]) => [name, statistics(name, some, seconds)]));
};

const statistics = (transaction: string, rows: readonly ResultRow[], seconds: number): Json => {
  const sorted = sortedMs(rows);
  const errorCount = rows.filter(({ failure }) => failure !== null).length;
  return {
    transaction,
    sampleCount: rows.length,
    errorCount,
    errorPct: rows.length === 0 ? 0 : (100 * errorCount) / rows.length,
    meanResTime: mean(sorted),
    medianResTime: percentile(sorted, 50),
    minResTime: sorted[0] ?? 0,
    maxResTime: sorted.at(-1) ?? 0,
    pct1ResTime: percentile(sorted, 90),
    pct2ResTime: percentile(sorted, 95),
    pct3ResTime: percentile(sorted, 99),
    pct75ResTime: percentile(sorted, 75),
    pct96ResTime: percentile(sorted, 96),
    pct97ResTime: percentile(sorted, 97),
    pct98ResTime: percentile(sorted, 98),
    pct999ResTime: percentile(sorted, 99.9),
    pct9999ResTime: percentile(sorted, 99.99),
    throughput: seconds === 0 ? 0 : rows.length / seconds,
    // Azure leaves these two empty for Locust.
    receivedKBytesPerSec: null,
    sentKBytesPerSec: null,
  };
};

const PERCENT_OF: Readonly<Record<string, number>> = { p999: 99.9, p9999: 99.99 };

const aggregated = (rows: readonly ResultRow[], aggregate: string): number => {
  const sorted = sortedMs(rows);
  if (aggregate === "avg") return mean(sorted);
  if (aggregate === "min") return sorted[0] ?? 0;
  if (aggregate === "max") return sorted.at(-1) ?? 0;
  return percentile(sorted, PERCENT_OF[aggregate] ?? Number(aggregate.slice(1)));
};

type MetricRule = (rows: readonly ResultRow[], aggregate: string, seconds: number) => number;

const RULES: Readonly<Record<string, MetricRule>> = {
  response_time_ms: aggregated,
  latency: aggregated,
  requests_per_sec: (rows, _, seconds) => (seconds === 0 ? 0 : rows.length / seconds),
  requests: (rows) => rows.length,
  error: (rows) => (100 * rows.filter(({ failure }) => failure !== null).length) / rows.length,
};

export interface Judgement {
  /** The criteria with `actualValue` and `result`. */
  readonly criteria: Json | undefined;
  readonly testResult: "PASSED" | "FAILED" | "NOT_APPLICABLE";
}

/** @param serverValues of server criteria, by `resourceId metricName`; one without a value stays undetermined */
export const judged = (
  criteria: unknown,
  rows: readonly ResultRow[],
  { seconds, serverValues }: { readonly seconds: number; readonly serverValues: ReadonlyMap<string, number> },
): Judgement => {
  if (!isMap(criteria)) return { criteria: undefined, testResult: "NOT_APPLICABLE" };
  const client = eachOf(criteria.passFailMetrics, (criterion) => {
    const some = rows.filter(({ label }) => criterion.requestName === undefined || label === criterion.requestName);
    const rule = RULES[String(criterion.clientMetric)];
    return some.length === 0 ? undefined : rule?.(some, String(criterion.aggregate), seconds);
  });
  const server = eachOf(criteria.passFailServerMetrics, (criterion) =>
    serverValues.get(`${criterion.resourceId} ${criterion.metricName}`),
  );
  const results = [...Object.values(client), ...Object.values(server)].map((one) => (one as Json).result);
  return {
    criteria: { passFailMetrics: client, passFailServerMetrics: server },
    testResult: results.length === 0 ? "NOT_APPLICABLE" : results.includes("failed") ? "FAILED" : "PASSED",
  };
};

const eachOf = (map: unknown, actualOf: (criterion: Json) => number | undefined): Json =>
  Object.fromEntries(
    Object.entries(isMap(map) ? map : {}).map(([id, criterion]) => {
      const one = criterion as Json;
      const actualValue = actualOf(one);
      if (actualValue === undefined) return [id, { ...one, result: "undetermined" }];
      const isOver = one.condition === ">" ? actualValue > Number(one.value) : actualValue < Number(one.value);
      return [id, { ...one, actualValue, result: isOver ? "failed" : "passed" }];
    }),
  );

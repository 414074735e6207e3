/**
 * The metrics of a run. `LoadTestRunMetrics`, its `VirtualUsers`, `ResponseTime`, `TotalRequests`, `Errors` and the dimension
 * `RequestName` are what the az CLI and other clients use; `EngineHealthMetrics` is left without values.
 */

import type { Json } from "./merge-patch.ts";
import type { ResultRow } from "./run-results.ts";
import { invalid } from "./service-error.ts";

export const NAMESPACES = ["LoadTestRunMetrics", "EngineHealthMetrics"] as const;

const PERCENTILES: Readonly<Record<string, number>> = {
  Percentile75: 75,
  Percentile90: 90,
  Percentile95: 95,
  Percentile96: 96,
  Percentile97: 97,
  Percentile98: 98,
  Percentile99: 99,
  Percentile999: 99.9,
  Percentile9999: 99.99,
};

interface Definition {
  readonly unit: string;
  readonly aggregations: readonly string[];
  readonly isByName: boolean;
  readonly value: (
    rows: readonly ResultRow[],
    more: { readonly aggregation: string; readonly users: number },
  ) => number;
}

const DEFINITIONS: Readonly<Record<string, Definition>> = {
  VirtualUsers: { unit: "Count", aggregations: ["Average"], isByName: false, value: (_, { users }) => users },
  TotalRequests: { unit: "Count", aggregations: ["Total"], isByName: true, value: (rows) => rows.length },
  Errors: {
    unit: "Count",
    aggregations: ["Total"],
    isByName: true,
    value: (rows) => rows.filter(({ failure }) => failure !== null).length,
  },
  ResponseTime: {
    unit: "Milliseconds",
    aggregations: ["Average", ...Object.keys(PERCENTILES)],
    isByName: true,
    value: (rows, { aggregation }) => {
      const sorted = rows.map(({ elapsedMs }) => elapsedMs).sort((a, b) => a - b);
      const percent = PERCENTILES[aggregation];
      if (percent === undefined) return sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length;
      return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
    },
  },
};

const GRAINS: Readonly<Record<string, number>> = {
  PT5S: 5_000,
  PT10S: 10_000,
  PT1M: 60_000,
  PT5M: 300_000,
  PT1H: 3_600_000,
};

export const definitions = (): Json => ({
  value: Object.entries(DEFINITIONS).map(([name, { unit, aggregations, isByName }]) => ({
    name,
    namespace: NAMESPACES[0],
    description: name,
    unit,
    primaryAggregationType: aggregations[0],
    supportedAggregationTypes: aggregations,
    dimensions: isByName ? [{ name: "RequestName", description: "Name of the request" }] : [],
    metricAvailabilities: Object.keys(GRAINS).map((timeGrain) => ({ timeGrain })),
  })),
});

export interface Measured {
  readonly rows: readonly ResultRow[];
  readonly startMs: number;
  readonly spanMs: number;
  readonly users: number;
}

/** @throws {ServiceError} 400 when the query is not one that the service takes */
export const series = (
  measured: Measured | null,
  query: URLSearchParams,
  filters: readonly { readonly name: string; readonly values: readonly string[] }[],
): readonly Json[] => {
  const definition = definitionOf(query);
  const aggregation = query.get("aggregation") ?? definition.aggregations[0] ?? "";
  if (!definition.aggregations.includes(aggregation))
    throw invalid(`There is no aggregation '${aggregation}'.`, "aggregation");
  const grainMs = grainOf(query);
  const [fromMs, toMs] = timespanOf(query);
  const stranger = filters.find(({ name }) => !definition.isByName || name !== "RequestName");
  if (stranger !== undefined) throw invalid(`There is no dimension '${stranger.name}'.`, "filters");
  if (measured === null) return [];
  const timed = measured.rows
    .map((row) => ({ row, atMs: measured.startMs + row.at * measured.spanMs }))
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const asked = filters.flatMap(({ values }) => values);
  const groups: (readonly [name: string | null, rows: typeof timed])[] =
    asked.length === 0
      ? [[null, timed]]
      : [...Map.groupBy(timed, ({ row }) => row.label)].filter(([name]) => asked.includes("*") || asked.includes(name));
  return groups.map(([name, some]) => ({
    data: [...Map.groupBy(some, ({ atMs }) => Math.floor(atMs / grainMs) * grainMs)].map(([at, points]) => {
      const rows = points.map(({ row }) => row);
      return {
        timestamp: new Date(at).toISOString(),
        value: definition.value(rows, { aggregation, users: measured.users }),
      };
    }),
    dimensionValues: name === null ? [] : [{ name: "RequestName", value: name }],
  }));
};

export const namesOf = (measured: Measured | null): readonly string[] => [
  ...new Set(measured?.rows.map(({ label }) => label)),
];

export const definitionOf = (query: URLSearchParams): Definition => {
  checkNamespace(query);
  const name = query.get("metricname") ?? "";
  const definition = DEFINITIONS[name];
  if (definition === undefined) throw invalid(`There is no metric '${name}'.`, "metricname");
  return definition;
};

export const checkNamespace = (query: URLSearchParams): void => {
  const namespace = query.get("metricNamespace") ?? "";
  if (!NAMESPACES.some((name) => name === namespace))
    throw invalid(`There is no namespace '${namespace}'.`, "metricNamespace");
};

const grainOf = (query: URLSearchParams): number => {
  const grainMs = GRAINS[query.get("interval") ?? "PT1M"];
  if (grainMs === undefined) throw invalid("The interval must be PT5S, PT10S, PT1M, PT5M or PT1H.", "interval");
  return grainMs;
};

export const timespanOf = (query: URLSearchParams): readonly [fromMs: number, toMs: number] => {
  const [from = "", to = "", ...more] = (query.get("timespan") ?? "").split("/");
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (!(fromMs <= toMs) || more.length > 0) throw invalid("The timespan must be start/end, in ISO 8601.", "timespan");
  return [fromMs, toMs];
};

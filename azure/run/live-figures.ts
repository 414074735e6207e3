/** The last seconds of a running test, from the service's metrics. They are late and may be missing: nothing here fails. */

import type { DataPlane, MetricQuery, MetricSeries } from "../plane/data-plane.ts";
import type { LiveFigures } from "./run-event.ts";

/** Metrics come some 20 s late; what lies further back is no news. */
const LOOK_BACK_MS = 60_000;

const NAMESPACE = "LoadTestRunMetrics";

const INTERVAL_MS = 5_000;

const METRICS = {
  users: { name: "VirtualUsers", aggregation: "Average" },
  requests: { name: "TotalRequests", aggregation: "Total" },
  errors: { name: "Errors", aggregation: "Total" },
  p95Ms: { name: "ResponseTime", aggregation: "Percentile95" },
} as const satisfies Record<string, Pick<MetricQuery, "name" | "aggregation">>;

const NO_FIGURES: LiveFigures = { users: null, requestsPerSecond: null, errorPercent: null, p95Ms: null };

/**
 * Asks in the background, one question at a time: a slow or throttled metrics plane must not hold up the run's state.
 * `latest` is what the last answer said.
 */
export class FigureWatch {
  latest: LiveFigures = NO_FIGURES;
  readonly #ask: () => Promise<LiveFigures>;
  #isAsking = false;

  constructor(ask: () => Promise<LiveFigures>) {
    this.#ask = ask;
  }

  refresh(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    void this.#ask().then((figures) => {
      this.latest = figures;
      this.#isAsking = false;
    });
  }
}

/** Never rejects: a figure that cannot be had is null, whatever the reason. */
export const liveFigures = async (
  plane: Pick<DataPlane, "metrics">,
  testRunId: string,
  now: Date,
): Promise<LiveFigures> => {
  const span: Pick<MetricQuery, "namespace" | "interval" | "from" | "to"> = {
    namespace: NAMESPACE,
    interval: "PT5S",
    from: new Date(now.getTime() - LOOK_BACK_MS).toISOString(),
    to: now.toISOString(),
  };
  const ask = async (metric: keyof typeof METRICS): Promise<readonly MetricSeries[] | null> => {
    try {
      return await plane.metrics(testRunId, { ...span, ...METRICS[metric] });
    } catch {
      return null; // Mostly 404 while the metrics lag; whether Azure can be reached, the run's state tells.
    }
  };
  const [users, requests, errors, p95] = await Promise.all([
    ask("users"),
    ask("requests"),
    ask("errors"),
    ask("p95Ms"),
  ]);
  const sent = newest(requests);
  // Without errors there may be no row of them at all.
  const failed = sent === null || errors === null ? null : (valueAt(errors, sent.at) ?? 0);
  return {
    users: newest(users)?.sum ?? null,
    requestsPerSecond: sent === null ? null : (sent.sum * 1000) / INTERVAL_MS,
    errorPercent: sent === null || failed === null || sent.sum === 0 ? null : (100 * failed) / sent.sum,
    p95Ms: newest(p95)?.worst ?? null,
  };
};

/** Of several series (one a name or engine) counts add up; percentiles do not, so the worst is told. */
const newest = (
  series: readonly MetricSeries[] | null,
): { readonly at: string; readonly sum: number; readonly worst: number } | null => {
  const at = series
    ?.flatMap(({ points }) => points.map((point) => point.at))
    .toSorted()
    .at(-1);
  if (series === null || at === undefined) return null;
  const values = valuesAt(series, at);
  return { at, sum: values.reduce((sum, value) => sum + value, 0), worst: Math.max(...values) };
};

const valueAt = (series: readonly MetricSeries[], at: string): number | null => {
  const values = valuesAt(series, at);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
};

const valuesAt = (series: readonly MetricSeries[], at: string): number[] =>
  series.flatMap(({ points }) => points.filter((point) => point.at === at).map(({ value }) => value));

/** The last seconds of a running test, from the service's metrics. They are late and may be missing: nothing here fails. */

import type { DataPlane, MetricQuery, MetricSeries } from "../plane/data-plane.ts";
import type { LiveFigures } from "./run-event.ts";

/** Metrics come some 20 s late; what lies further back is no news. */
const LOOK_BACK_MS = 60_000;

const NAMESPACE = "LoadTestRunMetrics";

/** Where each figure is. With several series (one a name or engine) counts add up, and of percentiles the worst is told. */
const METRICS = {
  users: { name: "VirtualUsers", aggregation: "Average", join: "sum" },
  requestsPerSecond: { name: "RequestsPerSecond", aggregation: "Average", join: "sum" },
  errorPercent: { name: "ErrorPercentage", aggregation: "Average", join: "worst" },
  p95Ms: { name: "ResponseTime", aggregation: "Percentile95", join: "worst" },
} as const satisfies Record<
  keyof LiveFigures,
  { readonly name: string; readonly aggregation: string; readonly join: "sum" | "worst" }
>;

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
  const found = await Promise.all(
    Object.entries(METRICS).map(async ([figure, { name, aggregation, join }]) => {
      const series = await plane.metrics(testRunId, { ...span, name, aggregation }).catch(() => []);
      return [figure, joined(series, join)] as const;
    }),
  );
  return { ...NO_FIGURES, ...Object.fromEntries(found) };
};

const joined = (series: readonly MetricSeries[], join: "sum" | "worst"): number | null => {
  const newest = series.flatMap(({ points }) => points.at(-1) ?? []).toSorted((a, b) => a.at.localeCompare(b.at));
  const at = newest.at(-1)?.at;
  const values = newest.filter((point) => point.at === at).map(({ value }) => value);
  if (values.length === 0) return null;
  return join === "sum" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
};

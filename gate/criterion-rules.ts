/**
 * What may be asked of each metric, and what of it Azure Load Testing takes: the union of its two readers' rules (the
 * GitHub Action's allow-list, the az CLI's splitting at `(`, `)` and the condition's first character), as a table.
 */

import { type Aggregate, type Condition, type Metric, TIME_AGGREGATES } from "./criterion.ts";

interface MetricRule {
  readonly aggregates: readonly Aggregate[];
  /** Conditions that both readers take alike. */
  readonly azureConditions: readonly Condition[];
  /** Why only our gate may judge it; null: Azure does too. */
  readonly localBecause: string | null;
  readonly unit: "ms" | "%" | "/s" | "";
  /** Largest value that means anything. */
  readonly most: number;
}

/** Both readers keep what fits into 32 bits. */
const MOST = 2 ** 31 - 1;

export const METRIC_RULES = {
  response_time_ms: {
    aggregates: TIME_AGGREGATES,
    azureConditions: [">", "<"],
    localBecause: null,
    unit: "ms",
    most: MOST,
  },
  latency: {
    aggregates: TIME_AGGREGATES,
    azureConditions: [],
    localBecause: "Locust has no latency, and what Azure puts in its place is not known",
    unit: "ms",
    most: MOST,
  },
  requests_per_sec: { aggregates: ["avg"], azureConditions: [">", "<"], localBecause: null, unit: "/s", most: MOST },
  requests: { aggregates: ["count"], azureConditions: [">", "<"], localBecause: null, unit: "", most: MOST },
  error: { aggregates: ["percentage"], azureConditions: [">"], localBecause: null, unit: "%", most: 100 },
  success: {
    aggregates: ["percentage"],
    azureConditions: [],
    localBecause: "Azure has no such metric",
    unit: "%",
    most: 100,
  },
} as const satisfies Record<Metric, MetricRule>;

/** What to write instead of a metric that Azure lacks. */
export const INSTEAD_OF: Partial<Record<Metric, string>> = {
  latency: "use response_time_ms",
  success: "use percentage(error) >",
};

/** REST has them with a dot, the YAML tools without. Both are read, the YAML's is written. */
export const YAML_AGGREGATE: Partial<Record<Aggregate, string>> = { "p99.9": "p999", "p99.99": "p9999" };

/** Of Azure, per test, client and server together. */
export const MOST_AT_AZURE = 50;

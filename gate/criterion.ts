/**
 * One failure criterion, as data. Its text form is Azure Load Testing's: `aggregate(metric) condition value`, for all
 * operations together or for one name of the statistics. A criterion says when a run FAILS.
 */

export const METRICS = ["response_time_ms", "latency", "requests_per_sec", "requests", "error", "success"] as const;
export type Metric = (typeof METRICS)[number];

/** Of a time. `p99.9` is written so here; YAML tools of Azure spell it `p999`, and both are read. */
export const TIME_AGGREGATES = [
  "avg",
  "min",
  "max",
  "p50",
  "p75",
  "p90",
  "p95",
  "p96",
  "p97",
  "p98",
  "p99",
  "p99.9",
  "p99.99",
] as const;
export const AGGREGATES = [...TIME_AGGREGATES, "count", "percentage"] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export const CONDITIONS = [">", "<", ">=", "<="] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface Criterion {
  readonly aggregate: Aggregate;
  readonly metric: Metric;
  readonly condition: Condition;
  /** Milliseconds, percent, a rate or a count, by metric. */
  readonly value: number;
  /** Name in the statistics (`github:tools/call:get_me`); null: all operations together. */
  readonly request: string | null;
  /** Judged by our gate alone and left out of the YAML: Azure cannot say it, or its readers differ about it. */
  readonly isLocal: boolean;
}

/** A criterion on a metric of an Azure resource. Azure alone can judge it. */
export interface ServerCriterion {
  readonly resourceId: string;
  readonly metricNamespace: string;
  readonly metricName: string;
  readonly aggregation: string;
  readonly condition: "GreaterThan" | "LessThan";
  readonly value: number;
}

/** The `failureCriteria` key of `loadtest.yaml`, its profile already unfolded: user's criteria win over the profile's. */
export interface FailureCriteria {
  readonly profile: string | null;
  readonly client: readonly Criterion[];
  readonly server: readonly ServerCriterion[];
}

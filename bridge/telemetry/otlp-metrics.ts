/** Metric families as OpenTelemetry has them: cumulative since the start of the run, under names of its own style. */
import { type Attributes, type HrTime, ValueType } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { BOUNDS_SECONDS, type DurationCounts } from "../../record/metrics/duration-counts.ts";
import type { Labels, MetricFamily } from "../../record/metrics/metric-family.ts";
import { errorType, nameInWords } from "./attributes.ts";
import { SCOPE } from "./otlp-spans.ts";

/** The one for which the conventions have a name. */
const CONVENTIONAL: Readonly<Record<string, string>> = { swarmbridge_service_seconds: "mcp.client.operation.duration" };

/** The unit at the end of a Prometheus name, in UCUM. */
const UNITS = { _seconds: "s", _bytes: "By", _cores: "{core}", _total: "1" } as const;

interface Span {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

export const resourceMetrics = (
  families: readonly MetricFamily[],
  resource: Resource,
  span: Span,
): ResourceMetrics => ({
  resource,
  scopeMetrics: [
    {
      scope: SCOPE,
      metrics: families.filter(({ samples }) => samples.length > 0).flatMap((family) => metricsOf(family, span)),
    },
  ],
});

const metricsOf = (family: MetricFamily, span: Span): MetricData[] => {
  const [suffix, unit] = Object.entries(UNITS).find(([end]) => family.name.endsWith(end)) ?? ["", "1"];
  const bare = family.name.slice("swarmbridge_".length, family.name.length - suffix.length);
  const described = (name: string, of: string): Pick<MetricData, "descriptor" | "aggregationTemporality"> => ({
    descriptor: { name, description: family.help, unit: of, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  });
  const point = <Value>(labels: Labels, value: Value) => ({ ...span, attributes: attributesOf(labels), value });
  const name = CONVENTIONAL[family.name] ?? `swarmbridge.${bare}`;
  switch (family.type) {
    case "histogram": {
      const dataPoints = family.samples.map(({ labels, value }) => point(labels, histogramOf(value)));
      return [{ ...described(name, unit), dataPointType: DataPointType.HISTOGRAM, dataPoints }];
    }
    case "summary": {
      const sum = (end: string, of: string, pick: "sum" | "count"): MetricData => ({
        ...described(`${name}.${end}`, of),
        dataPointType: DataPointType.SUM,
        isMonotonic: true,
        dataPoints: family.samples.map(({ labels, value }) => point(labels, value[pick])),
      });
      return [sum("sum", unit, "sum"), sum("count", "1", "count")];
    }
    default: {
      const dataPoints = family.samples.map(({ labels, value }) => point(labels, value));
      return family.type === "counter"
        ? [{ ...described(name, unit), dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }]
        : [{ ...described(name, unit), dataPointType: DataPointType.GAUGE, dataPoints }];
    }
  }
};

const histogramOf = ({ counts, sumSeconds }: DurationCounts) => ({
  buckets: { boundaries: [...BOUNDS_SECONDS], counts: [...counts] },
  sum: sumSeconds,
  count: counts.reduce((sum, each) => sum + each, 0),
});

/** `result` and `outcome` become what the conventions call the kind of error, which a good operation lacks. */
const attributesOf = ({ name, outcome, result, ...rest }: Labels): Attributes => ({
  ...(name !== undefined && nameInWords(name).attributes),
  ...(outcome !== undefined && outcome !== "ok" && { "error.type": errorType(outcome) }),
  ...(result === "failed" && { "error.type": "_OTHER" }),
  ...Object.fromEntries(Object.entries(rest).map(([label, value]) => [`swarmbridge.${label}`, value])),
});

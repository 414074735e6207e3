/**
 * Ids of criteria at Azure. An equal criterion keeps the id that it has there; a new one's id is made of what it says, so that
 * two machines that create the same test agree.
 */

import { createHash } from "node:crypto";
import type { Criterion, ServerCriterion } from "../../gate/criterion.ts";
import { YAML_AGGREGATE } from "../../gate/criterion-rules.ts";
import type { PassFailMetric, PassFailServerMetric, RemoteTest, TestBody } from "../plane/data-plane.ts";

type PassFailCriteria = NonNullable<TestBody["passFailCriteria"]>;

const CONDITIONS = { GreaterThan: ">", LessThan: "<" } as const satisfies Record<ServerCriterion["condition"], string>;

/** A merge patch: what is there and not wanted any more is null. */
export const passFailCriteria = (
  client: readonly Criterion[],
  server: readonly ServerCriterion[],
  remote: RemoteTest["passFailCriteria"] | null,
): PassFailCriteria => ({
  passFailMetrics: patch(client.map(clientMetric), remote?.passFailMetrics ?? {}, clientMeaning),
  passFailServerMetrics: patch(server.map(serverMetric), remote?.passFailServerMetrics ?? {}, serverMeaning),
});

/** `p999`, as the YAML tools send it. */
const azureAggregate = (aggregate: string): string =>
  (YAML_AGGREGATE as Readonly<Record<string, string>>)[aggregate] ?? aggregate;

const clientMetric = ({ aggregate, metric, condition, value, request }: Criterion): PassFailMetric => ({
  clientMetric: metric,
  aggregate: azureAggregate(aggregate),
  condition,
  value,
  action: "continue",
  ...(request !== null && { requestName: request }),
});

const serverMetric = (criterion: ServerCriterion): PassFailServerMetric => {
  const { resourceId, metricNamespace, metricName, aggregation, condition, value } = criterion;
  return {
    resourceId,
    metricNamespace,
    metricName,
    aggregation,
    condition: CONDITIONS[condition],
    value,
    action: "continue",
  };
};

/** What makes two of them the same, in the service's spellings (`p99.9`) as in ours. */
const clientMeaning = ({ clientMetric, aggregate, condition, value, requestName }: PassFailMetric): string =>
  JSON.stringify([clientMetric, azureAggregate(aggregate), spelled(condition), Number(value), requestName ?? ""]);

const serverMeaning = (metric: PassFailServerMetric): string => {
  const { resourceId, metricNamespace, metricName, aggregation, condition, value } = metric;
  const names = [resourceId, metricNamespace, metricName, aggregation].map((name) => name.toLowerCase());
  return JSON.stringify([...names, spelled(condition), Number(value)]);
};

const spelled = (condition: string): string => (CONDITIONS as Readonly<Record<string, string>>)[condition] ?? condition;

const patch = <Metric>(
  wanted: readonly Metric[],
  remote: Readonly<Record<string, Metric | null>>,
  meaning: (metric: Metric) => string,
): Record<string, Metric | null> => {
  const there = new Map(
    Object.entries(remote).flatMap(([id, metric]) => (metric === null ? [] : [[id, metric] as const])),
  );
  const result: Record<string, Metric | null> = {};
  for (const metric of wanted) {
    const meant = meaning(metric);
    const [same] = [...there].filter(([id, other]) => !(id in result) && meaning(other) === meant);
    // The service's own spelling goes back, so that nothing changes.
    result[same?.[0] ?? idOf(meant)] = same === undefined ? metric : { ...metric, ...spellingOf(same[1], metric) };
  }
  for (const id of there.keys()) result[id] ??= null;
  return result;
};

const spellingOf = <Metric>(remote: Metric, metric: Metric): Partial<Metric> =>
  Object.fromEntries(Object.entries(remote as object).filter(([key]) => key in (metric as object))) as Partial<Metric>;

/** In the form of a UUID. */
const idOf = (meaning: string): string =>
  createHash("sha256")
    .update(meaning)
    .digest("hex")
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-8$3-8$4-$5");

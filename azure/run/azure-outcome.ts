/** How Azure ended a run and judged it, as the record keeps it. */

import { YAML_AGGREGATE } from "../../gate/criterion-rules.ts";
import type { AzureOutcome } from "../../record/azure-outcome.ts";
import type { PassFailMetric, PassFailServerMetric, RemoteRun } from "../plane/data-plane.ts";

/** The service gives back the spelling of its YAML; the gate has the one of REST. */
const OURS: ReadonlyMap<string, string> = new Map(Object.entries(YAML_AGGREGATE).map(([ours, yaml]) => [yaml, ours]));
const CONDITIONS: ReadonlyMap<string, string> = new Map([
  [">", "GreaterThan"],
  ["<", "LessThan"],
]);

export const azureOutcome = ({ status, testResult, passFailCriteria }: RemoteRun): AzureOutcome => ({
  state: status,
  result: testResult,
  client: present(passFailCriteria?.passFailMetrics).map(clientCriterion),
  server: present(passFailCriteria?.passFailServerMetrics).map(serverCriterion),
});

const present = <T>(criteria: Readonly<Record<string, T | null>> | undefined): T[] =>
  Object.values(criteria ?? {}).filter((criterion) => criterion !== null);

const clientCriterion = (one: PassFailMetric): AzureOutcome["client"][number] => ({
  aggregate: OURS.get(one.aggregate) ?? one.aggregate,
  metric: one.clientMetric,
  request: one.requestName ?? null,
  ...judged(one),
});

const serverCriterion = (one: PassFailServerMetric): AzureOutcome["server"][number] => {
  const { resourceId, metricNamespace, metricName, aggregation } = one;
  const condition = CONDITIONS.get(one.condition) ?? one.condition;
  return { resourceId, metricNamespace, metricName, aggregation, ...judged(one), condition };
};

const judged = ({ condition, value, actualValue, result }: PassFailMetric | PassFailServerMetric) => ({
  condition,
  value,
  actualValue: actualValue ?? null,
  result: result ?? ("undetermined" as const),
});

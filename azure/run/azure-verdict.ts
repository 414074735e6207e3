/** Azure's own verdict of a run, in the gate's words. */

import { AGGREGATES, type Aggregate, CONDITIONS, type Condition, METRICS, type Metric } from "../../gate/criterion.ts";
import { YAML_AGGREGATE } from "../../gate/criterion-rules.ts";
import type { AzureVerdict, Status } from "../../gate/verdict.ts";
import type { PassFailMetric, PassFailServerMetric, RemoteRun } from "../plane/data-plane.ts";

/** The service gives back the spelling of its YAML. */
const OURS: ReadonlyMap<string, string> = new Map(Object.entries(YAML_AGGREGATE).map(([ours, yaml]) => [yaml, ours]));

/** A criterion that the gate has no words for is left out: Azure's verdict as a whole still counts. */
export const azureVerdict = ({ testResult, passFailCriteria }: RemoteRun): AzureVerdict => ({
  result: testResult,
  client: present(passFailCriteria?.passFailMetrics).flatMap((metric) => clientCriterion(metric) ?? []),
  server: present(passFailCriteria?.passFailServerMetrics).map(serverCriterion),
});

const present = <T>(criteria: Readonly<Record<string, T | null>> | undefined): T[] =>
  Object.values(criteria ?? {}).filter((criterion) => criterion !== null);

const clientCriterion = (one: PassFailMetric): AzureVerdict["client"][number] | null => {
  const aggregate = known<Aggregate>(AGGREGATES, OURS.get(one.aggregate) ?? one.aggregate);
  const metric = known<Metric>(METRICS, one.clientMetric);
  const condition = known<Condition>(CONDITIONS, one.condition);
  if (aggregate === null || metric === null || condition === null) return null;
  const request = one.requestName ?? null;
  const criterion = { aggregate, metric, condition, value: one.value, request, isLocal: false };
  return { criterion, actualValue: one.actualValue ?? null, result: resultOf(one) };
};

const serverCriterion = (one: PassFailServerMetric): AzureVerdict["server"][number] => {
  const { resourceId, metricNamespace, metricName, aggregation, value } = one;
  const condition = one.condition === "<" || one.condition === "LessThan" ? "LessThan" : "GreaterThan";
  const criterion = { resourceId, metricNamespace, metricName, aggregation, condition, value } as const;
  return { criterion, actualValue: one.actualValue ?? null, result: resultOf(one) };
};

const resultOf = ({ result }: { readonly result?: Status }): Status => result ?? "undetermined";

const known = <T extends string>(all: readonly T[], text: string): T | null => all.find((one) => one === text) ?? null;

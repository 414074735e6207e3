/** A criterion as text: what stands in the YAML for Azure, in tables and in reports. */

import type { Criterion, ServerCriterion } from "./criterion.ts";
import { YAML_AGGREGATE } from "./criterion-rules.ts";

/** `p95(response_time_ms) > 1000`, the one spelling that all readers of Azure's YAML take. The name stands apart. */
export const criterionText = ({ aggregate, metric, condition, value }: Criterion): string =>
  `${YAML_AGGREGATE[aggregate] ?? aggregate}(${metric}) ${condition} ${value}`;

/** `github:tools/call:get_me: p95(response_time_ms) > 1000`, for people. */
export const namedCriterionText = (criterion: Criterion): string =>
  criterion.request === null ? criterionText(criterion) : `${criterion.request}: ${criterionText(criterion)}`;

/** `Average(Percentage CPU) > 80 of mcp-app`: the resource by its last name. */
export const serverCriterionText = ({
  resourceId,
  metricName,
  aggregation,
  condition,
  value,
}: Spelled<ServerCriterion>): string =>
  `${aggregation}(${metricName}) ${SIGNS.get(condition) ?? condition} ${value} of ${resourceId.split("/").at(-1) ?? ""}`;

const SIGNS: ReadonlyMap<string, string> = new Map([
  ["GreaterThan", ">"],
  ["LessThan", "<"],
]);

/** As Azure spells it, which may have words that we do not know. */
type Spelled<Of> = { readonly [Key in keyof Of]: Of[Key] extends string ? string : Of[Key] };

/** Two criteria with the same key ask the same question, each with its own value. */
export const questionOf = ({
  aggregate,
  metric,
  condition,
  request,
}: Pick<Spelled<Criterion>, "aggregate" | "metric" | "condition" | "request">): string =>
  JSON.stringify([aggregate, metric, condition, request]);

/** The same for one on a metric of a resource, with its value; ids and names of Azure know no capitals. */
export const serverQuestionOf = (criterion: Spelled<ServerCriterion>): string => {
  const { resourceId, metricNamespace, metricName, aggregation, condition, value } = criterion;
  const names = [resourceId, metricNamespace, metricName, aggregation].map((name) => name.toLowerCase());
  return JSON.stringify([...names, SIGNS.get(condition) ?? condition, value]);
};

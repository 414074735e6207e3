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
}: ServerCriterion): string =>
  `${aggregation}(${metricName}) ${condition === "GreaterThan" ? ">" : "<"} ${value} of ${resourceId.split("/").at(-1) ?? ""}`;

/** Two criteria with the same key ask the same question, each with its own value. */
export const questionOf = ({ aggregate, metric, condition, request }: Criterion): string =>
  JSON.stringify([aggregate, metric, condition, request]);

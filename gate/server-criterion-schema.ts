/** One entry of `serverMetrics`: a metric of an Azure resource, as Azure's own YAML has it. */

import * as z from "zod";
import { section } from "../config/section.ts";
import type { ServerCriterion } from "./criterion.ts";
import { resourceId } from "./resource-id.ts";

/** Azure Monitor's. */
const AGGREGATIONS = ["Average", "Minimum", "Maximum", "Total", "Count"] as const;
const CONDITIONS = ["GreaterThan", "LessThan"] as const;

const named = (rule: string) => z.string(rule).min(1, rule).max(200, "must be at most 200 characters long");

const serverCriterion = section({
  resourceId: resourceId().meta({
    description: "The resource whose metric it is.",
    examples: ["/subscriptions/ID/resourceGroups/mcp/providers/Microsoft.App/containerApps/mcp-app"],
  }),
  metricName: named("must be the name of a metric of that resource").meta({
    description: "As Azure Monitor calls it.",
    examples: ["CpuPercentage"],
  }),
  aggregation: z.enum(AGGREGATIONS, `must be one of ${AGGREGATIONS.join(", ")}`).meta({
    description: "How the metric's values become one.",
    examples: ["Average"],
  }),
  condition: z.enum(CONDITIONS, `must be one of ${CONDITIONS.join(", ")}`).meta({
    description: "The run fails when this holds.",
    examples: ["GreaterThan"],
  }),
  value: z.number("must be a number").meta({ description: "In the metric's own unit.", examples: [80] }),
  metricNamespace: named("must be a metric namespace")
    .optional()
    .meta({ description: "Absent: the type of the resource.", examples: ["Microsoft.App/containerApps"] }),
}).transform(
  ({ metricNamespace, ...criterion }): ServerCriterion => ({
    ...criterion,
    metricNamespace: metricNamespace ?? resourceTypeOf(criterion.resourceId),
  }),
);

export const serverMetricsSchema = z
  .array(serverCriterion, "must be a list of maps with resourceId, metricName, aggregation, condition and value")
  .superRefine((criteria, context) => {
    const seen = new Set<string>();
    for (const [index, { value: _value, ...question }] of criteria.entries()) {
      const key = JSON.stringify(Object.values(question)).toLowerCase();
      if (seen.has(key)) context.addIssue({ code: "custom", path: [index], message: TWICE });
      seen.add(key);
    }
  });

const TWICE = "asks the same as one above (resource, metric, aggregation, condition)";

/** `Microsoft.Sql/servers/databases` of `…/providers/Microsoft.Sql/servers/one/databases/two`. */
const resourceTypeOf = (resourceId: string): string => {
  const [namespace = "", ...rest] =
    resourceId
      .split(/\/providers\//i)
      .at(-1)
      ?.split("/") ?? [];
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join("/");
};

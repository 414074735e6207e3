/** One entry of `clientMetrics`, in each of the three ways in which it can be written. */

import * as z from "zod";
import { section } from "../config/section.ts";
import type { Criterion } from "./criterion.ts";
import { questionOf } from "./criterion-text.ts";
import { parseCriterion } from "./parse-criterion.ts";

const TEXT_RULE = "must be text such as p95(response_time_ms) > 1000";

const EXAMPLE = "p95(response_time_ms) > 1000";

const asText = z
  .string(TEXT_RULE)
  .transform((text, context) => criterionOr(context, text, { request: null, isLocal: false }))
  .meta({ description: "Over all operations together.", examples: [EXAMPLE, "percentage(error) > 1"] });

const entryMap = section({
  criterion: z.string(TEXT_RULE).meta({ description: "`aggregate(metric) condition value`.", examples: [EXAMPLE] }),
  request: z
    .string("must be a name of the statistics")
    .nullable()
    .default(null)
    .meta({
      description: "Only the operations of this name. Absent: all together.",
      examples: ["github:tools/call:get_me"],
    }),
  local: z
    .boolean("must be true or false")
    .default(false)
    .describe("Judged by our gate alone, and left out of what goes to Azure."),
}).transform(({ criterion, request, local }, context) =>
  criterionOr(context, criterion, { request, isLocal: local }, ["criterion"]),
);

/** Only with the key `criterion`: every other map is `NAME: criterion`. */
const asMap = z.preprocess((value, context) => {
  if (typeof value === "object" && value !== null && !Object.hasOwn(value, "criterion")) {
    context.addIssue({ code: "invalid_type", expected: "string", input: value });
  }
  return value;
}, entryMap);

const asNamed = z
  .record(z.string(), z.string(TEXT_RULE), TEXT_RULE)
  .transform((map, context): Criterion => {
    const [entry, second] = Object.entries(map);
    if (entry !== undefined && second === undefined) {
      const [request, text] = entry;
      return criterionOr(context, text, { request, isLocal: false }, [request]);
    }
    context.addIssue({
      code: "custom",
      message: `has ${entry === undefined ? "no key" : "several keys"}: write one NAME: criterion, or a map with criterion, request and local`,
    });
    return z.NEVER;
  })
  .meta({ description: "`NAME: criterion`, with a name of the statistics.", examples: [{ "learn:ping": EXAMPLE }] });

const ENTRY_RULE = `${TEXT_RULE}, NAME: criterion, or a map with criterion, request and local`;

export const clientMetricsSchema = z
  .array(z.union([asText, asMap, asNamed], ENTRY_RULE), "must be a list of criteria")
  .superRefine((criteria, context) => {
    const seen = new Set<string>();
    for (const [index, criterion] of criteria.entries()) {
      // The same question may stand twice when Azure sees only one of the two: a coarse limit there, a fine one here.
      const key = `${criterion.isLocal} ${questionOf(criterion)}`;
      if (seen.has(key)) context.addIssue({ code: "custom", path: [index], message: TWICE });
      seen.add(key);
    }
  });

const TWICE = "asks the same as one above (metric, aggregate, condition, name): Azure would keep only one of the two";

const criterionOr = (
  context: z.core.$RefinementCtx,
  text: string,
  marks: { readonly request: string | null; readonly isLocal: boolean },
  path: string[] = [],
): Criterion => {
  const parsed = parseCriterion(text, marks);
  if ("criterion" in parsed) return parsed.criterion;
  context.addIssue({ code: "custom", message: parsed.fault, path });
  return z.NEVER;
};

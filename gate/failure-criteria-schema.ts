/** The `failureCriteria` key of `loadtest.yaml`: a list of criteria, or a map with a profile and both kinds. */

import * as z from "zod";
import { section } from "../config/section.ts";
import { clientMetricsSchema } from "./client-criterion-schema.ts";
import type { FailureCriteria } from "./criterion.ts";
import { MOST_AT_AZURE } from "./criterion-rules.ts";
import { NO_TOOL_KINDS, PROFILES, profileCriteria, withProfile } from "./profiles.ts";
import { serverMetricsSchema } from "./server-criterion-schema.ts";

const NAMES_RULE = "must be a list of names of the statistics, such as [github:tools/call:get_me]";

const names = (description: string) =>
  z
    .array(z.string(NAMES_RULE).trim().min(1, NAMES_RULE).max(500, NAMES_RULE), NAMES_RULE)
    .default([])
    .meta({ description, examples: [["github:tools/call:get_me"]] });

const toolKinds = section({
  compute: names("Tools that answer from what they have: p50 100 ms, p95 500 ms, p99 5 s."),
  external: names("Tools that ask somebody else first: p50 500 ms, p95 2 s, p99 5 s."),
}).superRefine(({ compute, external }, context) => {
  const seen = new Set<string>();
  for (const [kind, list] of Object.entries({ compute, external })) {
    for (const [index, name] of list.entries()) {
      if (seen.has(name)) {
        context.addIssue({ code: "custom", path: [kind, index], message: "stands twice: a tool is of one kind" });
      }
      seen.add(name);
    }
  }
});

const asMap = section({
  profile: z
    .enum(PROFILES, `must be one of ${PROFILES.join(", ")}`)
    .nullable()
    .default(null)
    .meta({
      description: "Criteria to start with: `smoke` or `release`. Own ones override them.",
      examples: ["release"],
    }),
  toolKinds: toolKinds
    .nullable()
    .default(null)
    .meta({
      description: "With profile `release`: which names get which limits of time.",
      examples: [{ compute: ["learn:tools/call:search"] }],
    }),
  clientMetrics: clientMetricsSchema.default([]).meta({
    description: "What makes a run fail, measured by the load generator.",
    examples: [["p95(response_time_ms) > 1000"]],
  }),
  serverMetrics: serverMetricsSchema.default([]).meta({
    description: "What makes a run at Azure fail, measured by Azure Monitor. A local run cannot be judged by it.",
  }),
}).superRefine(({ profile, toolKinds: kinds }, context) => {
  if (kinds === null || profile === "release") return;
  context.addIssue({ code: "custom", path: ["toolKinds"], message: "is only read by profile: release" });
});

export const failureCriteriaSchema = z
  .union(
    [clientMetricsSchema, asMap],
    "must be a list of criteria, or a map with profile, toolKinds, clientMetrics and serverMetrics",
  )
  .nullish()
  .transform((written, context): FailureCriteria => {
    const map = Array.isArray(written) ? { ...NOTHING, clientMetrics: written } : (written ?? NOTHING);
    const { profile, toolKinds: kinds, clientMetrics: own, serverMetrics: server } = map;
    const started = profile === null ? [] : profileCriteria(profile, kinds ?? NO_TOOL_KINDS);
    const client = withProfile(started, own);
    const atAzure = client.filter(({ isLocal }) => !isLocal).length + server.length;
    if (atAzure > MOST_AT_AZURE) {
      context.addIssue({
        code: "custom",
        message: `has ${atAzure} criteria for Azure, which takes ${MOST_AT_AZURE}: leave some out, or mark them local: true`,
      });
    }
    return { profile, client, server };
  })
  .meta({
    description: "What makes a run fail (docs/gate.md). A list is short for clientMetrics.",
    examples: [["p95(response_time_ms) > 1000", "percentage(error) > 1"]],
  });

const NOTHING: z.output<typeof asMap> = {
  profile: null,
  toolKinds: null,
  clientMetrics: [],
  serverMetrics: [],
};

/**
 * What may be sent to the data plane, version 2026-04-01: unknown fields are refused, null removes. Rules between fields are
 * in test-rules.ts: they hold for what a patch makes of a test, not for the patch.
 */

import * as z from "zod";
import { ServiceError } from "./service-error.ts";

const SECRET_URL =
  /^https:\/\/[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]\.vault\.(?:azure\.net|usgovcloudapi\.net|azure\.cn)\/secrets\/[A-Za-z0-9-]{1,127}(?:\/[A-Za-z0-9]{1,64})?$/;
const CERTIFICATE_URL = new RegExp(SECRET_URL.source.replace("secrets", "certificates"));
const RESOURCE_ID = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+(?:\/[^/]+){2,}$/i;
const SUBNET_ID =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i;
const IDENTITY_ID =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const removable = <T extends z.ZodType>(schema: T) => schema.nullable().optional();
const displayName = z.string().min(2).max(50);
const description = z.string().max(100);
const engines = z.int().min(1).max(400);
const identityType = z.enum(["SystemAssigned", "UserAssigned"]);
const action = z.enum(["continue", "stop"]);
const condition = z.enum([">", "<"]);

const LATENCIES = [
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
  "p999",
  "p9999",
];
/** Which aggregates a client metric takes, and whether its threshold must be whole. */
export const CLIENT_METRICS: Readonly<
  Record<
    string,
    { readonly aggregates: readonly string[]; readonly conditions: readonly string[]; readonly isWhole: boolean }
  >
> = {
  response_time_ms: { aggregates: LATENCIES, conditions: [">", "<"], isWhole: true },
  latency: { aggregates: LATENCIES, conditions: [">", "<"], isWhole: true },
  requests_per_sec: { aggregates: ["avg"], conditions: [">", "<"], isWhole: false },
  requests: { aggregates: ["count"], conditions: [">", "<"], isWhole: true },
  error: { aggregates: ["percentage"], conditions: [">"], isWhole: false },
};

const passFailMetric = z
  .strictObject({
    clientMetric: z.enum(Object.keys(CLIENT_METRICS)),
    aggregate: z.string(),
    condition,
    value: z.number().min(0),
    requestName: z.string().min(1).optional(),
    action: action.optional(),
  })
  .check(({ value: criterion, issues }) => {
    const rule = CLIENT_METRICS[criterion.clientMetric];
    const faults = [
      rule?.aggregates.includes(criterion.aggregate) ? null : `aggregate '${criterion.aggregate}'`,
      rule?.conditions.includes(criterion.condition) ? null : `condition '${criterion.condition}'`,
      !rule?.isWhole || Number.isInteger(criterion.value) ? null : `value ${criterion.value}: it must be whole`,
      criterion.clientMetric !== "error" || criterion.value <= 100 ? null : "value above 100 percent",
    ];
    for (const fault of faults) {
      if (fault !== null)
        issues.push({ code: "custom", input: criterion, message: `${criterion.clientMetric} has no ${fault}` });
    }
  });

const passFailServerMetric = z.strictObject({
  resourceId: z.string().regex(RESOURCE_ID),
  metricNamespace: z.string().min(1),
  metricName: z.string().min(1),
  aggregation: z.string().min(1),
  condition,
  value: z.number(),
  action: action.optional(),
});

const passFailCriteria = z.strictObject({
  passFailMetrics: removable(z.record(z.string().regex(GUID), passFailMetric.nullable())),
  passFailServerMetrics: removable(z.record(z.string().regex(GUID), passFailServerMetric.nullable())),
});

const autoStopCriteria = z.strictObject({
  autoStopDisabled: z.boolean().optional(),
  errorRate: removable(z.number().min(0).max(100)),
  errorRateTimeWindowInSeconds: removable(z.int().min(1)),
  maximumVirtualUsersPerEngine: removable(z.int().min(1)),
});

const secrets = z.record(
  z.string().min(1),
  z.strictObject({ type: z.literal("AKV_SECRET_URI"), value: z.string().regex(SECRET_URL) }).nullable(),
);
const certificate = z.strictObject({
  type: z.literal("AKV_CERT_URI"),
  value: z.string().regex(CERTIFICATE_URL),
  name: z.string().min(1),
});
const environmentVariables = z.record(z.string().min(1), z.string().nullable());

/** Of a test and of a run. */
const shared = {
  displayName: displayName.optional(),
  description: removable(description),
  passFailCriteria: removable(passFailCriteria),
  autoStopCriteria: removable(autoStopCriteria),
  secrets: removable(secrets),
  certificate: removable(certificate),
  environmentVariables: removable(environmentVariables),
};

export const testBody = z.strictObject({
  ...shared,
  kind: z.enum(["Locust", "JMX", "URL"]).optional(),
  loadTestConfiguration: z
    .strictObject({
      engineInstances: engines.optional(),
      splitAllCSVs: removable(z.boolean()),
      regionalLoadTestConfig: removable(
        z.array(z.strictObject({ region: z.string().regex(/^[a-z0-9]{2,40}$/), engineInstances: engines })).min(2),
      ),
    })
    .optional(),
  baselineTestRunId: removable(z.string().regex(/^[a-z0-9_-]{2,50}$/)),
  subnetId: removable(z.string().regex(SUBNET_ID)),
  publicIPDisabled: removable(z.boolean()),
  keyvaultReferenceIdentityType: removable(identityType),
  keyvaultReferenceIdentityId: removable(z.string().regex(IDENTITY_ID)),
  metricsReferenceIdentityType: removable(identityType),
  metricsReferenceIdentityId: removable(z.string().regex(IDENTITY_ID)),
  engineBuiltInIdentityType: removable(z.enum(["None", "SystemAssigned", "UserAssigned"])),
  engineBuiltInIdentityIds: removable(z.array(z.string().regex(IDENTITY_ID))),
  preferences: removable(z.strictObject({ enableAIErrorInsights: z.boolean().optional() })),
});

export const runBody = z.strictObject({
  ...shared,
  testId: z
    .string()
    .regex(/^[a-z0-9_-]{2,50}$/)
    .optional(),
  requestDataLevel: z.enum(["NONE", "ERRORS"]).optional(),
  debugLogsEnabled: z.boolean().optional(),
  createdByType: z.enum(["User", "ScheduledTrigger", "AzurePipelines", "GitHubWorkflows"]).optional(),
});

export const appComponentsBody = z.strictObject({
  components: z.record(
    z.string().regex(RESOURCE_ID),
    z
      .strictObject({
        resourceName: z.string().min(1),
        resourceType: z.string().min(1),
        displayName: z.string().optional(),
        kind: z.string().optional(),
      })
      .nullable(),
  ),
});

export const serverMetricsBody = z.strictObject({
  metrics: z.record(
    z.string().min(1),
    z
      .strictObject({
        resourceId: z.string().regex(RESOURCE_ID),
        metricNamespace: z.string().min(1),
        displayDescription: z.string().optional(),
        name: z.string().min(1),
        aggregation: z.string().min(1),
        unit: z.string().optional(),
        resourceType: z.string().min(1),
      })
      .nullable(),
  ),
});

export const metricsBody = z
  .strictObject({
    filters: z
      .array(z.strictObject({ name: z.string().min(1), values: z.array(z.string()).min(1).max(20) }))
      .optional(),
  })
  .optional();

/** @throws {ServiceError} 400 with one detail for each fault */
export const checked = <T extends z.ZodType>(schema: T, body: unknown): z.output<T> => {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const details = result.error.issues.map(({ message, path }) => ({
    code: "InvalidField",
    message,
    target: path.join("."),
  }));
  const [{ target, message } = { target: "", message: "" }] = details;
  throw new ServiceError(400, "InvalidRequestBody", `The body is not valid: ${target}: ${message}`, {
    target,
    details,
  });
};

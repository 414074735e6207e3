/**
 * Azure's GitHub Action as a reader of the YAML, with its allow-lists, its rules and its oddities: a metric is not trimmed, a
 * threshold is cut to an integer, of two equal criteria the stricter one is kept.
 * @see Azure/load-testing, v1.2: what its compiled code does
 */

import { basename } from "node:path";
import { parse } from "yaml";
import { SERVICE_DEFAULTS, type SeenTest, sorted } from "./seen-test.ts";

const KEYS = new Set([
  ...["version", "testId", "testName", "displayName", "description", "testPlan", "testType", "engineInstances"],
  ...["subnetId", "publicIPDisabled", "configurationFiles", "zipArtifacts", "splitAllCSVs", "properties", "env"],
  ...["certificates", "secrets", "failureCriteria", "appComponents", "autoStop", "keyVaultReferenceIdentity"],
  ...["keyVaultReferenceIdentityType", "regionalLoadTestConfig", "referenceIdentities"],
]);

const TIMES = ["avg", "min", "max", "p50", "p75", "p90", "p95", "p96", "p97", "p98", "p99", "p999", "p9999"];
const METRICS: Readonly<Record<string, { readonly aggregates: readonly string[]; readonly conditions: string }>> = {
  response_time_ms: { aggregates: TIMES, conditions: "><" },
  latency: { aggregates: TIMES, conditions: "><" },
  requests_per_sec: { aggregates: ["avg"], conditions: "><" },
  requests: { aggregates: ["count"], conditions: "><" },
  error: { aggregates: ["percentage"], conditions: ">" },
};

const SUBNET =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i;
const IDENTITY =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i;

// biome-ignore lint/suspicious/noExplicitAny: the reader is JavaScript, and looks at whatever there is
type Yaml = any;

/** Each a rule of the reader, and what it says when it is broken. */
const RULES: readonly (readonly [string, (yaml: Yaml) => boolean])[] = [
  ["unsupported field", (yaml) => Object.keys(yaml).every((key) => KEYS.has(key))],
  ["testId", ({ testId }) => typeof testId === "string" && /^[a-z0-9_-]{2,50}$/.test(testId.toLowerCase())],
  ["displayName", ({ displayName }) => !displayName || isText(displayName, 2, 50)],
  ["description", ({ description }) => !description || isText(description, 1, 100)],
  ["testPlan", ({ testPlan }) => typeof testPlan === "string" && testPlan.endsWith(".py")],
  ["testType", ({ testType }) => ["URL", "JMX", "Locust"].includes(testType)],
  ["engineInstances", ({ engineInstances: engines }) => !engines || isEngineCount(engines)],
  ["subnetId", ({ subnetId }) => !subnetId || (typeof subnetId === "string" && SUBNET.test(subnetId))],
  ["publicIPDisabled", ({ publicIPDisabled: off }) => !off || typeof off === "boolean"],
  ["publicIPDisabled without subnetId", ({ publicIPDisabled, subnetId }) => !publicIPDisabled || subnetId != null],
  ["configurationFiles", ({ configurationFiles: files }) => !files || isTexts(files)],
  ["zipArtifacts", ({ zipArtifacts: files }) => !files || isTexts(files)],
  ["splitAllCSVs", ({ splitAllCSVs: split }) => !split || typeof split === "boolean"],
  [
    "userPropertyFile",
    ({ properties }) => properties == null || /\.(conf|ini|toml)$/.test(properties.userPropertyFile),
  ],
  ["env", ({ env = [] }) => env.every(({ name }: Yaml) => name != null)],
  [
    "secrets",
    ({ secrets = [] }) => secrets.every(({ value }: Yaml) => /(http|https):\/\/.*\/secrets\/.+$/.test(value)),
  ],
  ["certificates", ({ certificates = [] }) => certificates.length <= 1],
  [
    "certificate",
    ({ certificates = [] }) =>
      certificates.every(({ value }: Yaml) => /(http|https):\/\/.*\/certificates\/.+$/.test(value)),
  ],
  [
    "autoStop",
    ({ autoStop }) =>
      autoStop == null ||
      autoStop === "disable" ||
      (typeof autoStop !== "string" &&
        autoStop.errorPercentage >= 0 &&
        autoStop.errorPercentage <= 100 &&
        Number.isInteger(autoStop.timeWindow) &&
        autoStop.timeWindow > 0),
  ],
  ["regions", ({ regionalLoadTestConfig: regions }) => regions == null || regions.length >= 2],
  [
    "sum of regions",
    ({ regionalLoadTestConfig: regions, engineInstances }) =>
      regions == null || regions.reduce((sum: number, one: Yaml) => sum + one.engineInstances, 0) === engineInstances,
  ],
  [
    "failureCriteria",
    ({ failureCriteria: criteria = [] }) =>
      Array.isArray(criteria) || Object.keys(criteria).every((key) => ["clientMetrics", "serverMetrics"].includes(key)),
  ],
  [
    "serverMetrics",
    ({ failureCriteria }) =>
      (failureCriteria?.serverMetrics ?? []).every(
        (one: Yaml) =>
          isTexts([one.resourceId, one.metricName, one.aggregation]) &&
          ["GreaterThan", "LessThan"].includes(one.condition) &&
          typeof one.value === "number",
      ),
  ],
  ["referenceIdentities", ({ referenceIdentities: all }) => all == null || all.every(isIdentity)],
  ["one KeyVault identity", ({ referenceIdentities: all = [] }) => ofKind(all, "KeyVault").length <= 1],
  ["one Metrics identity", ({ referenceIdentities: all = [] }) => ofKind(all, "Metrics").length <= 1],
  [
    "mixed engine identities",
    ({ referenceIdentities: all = [] }) => new Set(ofKind(all, "Engine").map(({ type }) => type)).size <= 1,
  ],
];

const isText = (value: unknown, least: number, most: number): boolean =>
  typeof value === "string" && value.length >= least && value.length <= most;
const isTexts = (list: unknown): boolean => Array.isArray(list) && list.every((item) => typeof item === "string");
const isEngineCount = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 400;
const isIdentity = ({ kind, type, value }: Yaml): boolean =>
  ["KeyVault", "Metrics", "Engine"].includes(kind) &&
  (type === "UserAssigned" ? typeof value === "string" && IDENTITY.test(value) : type === "SystemAssigned" && !value);
const ofKind = (all: Yaml[], kind: string): Yaml[] => all.filter((one) => one.kind === kind);

/** What it does not speak of when the YAML does not, so that a merge patch keeps it. */
export type ExistingTest = Partial<Pick<SeenTest, "description" | "subnetId" | "regions">> & {
  readonly mostUsers?: number;
};

/**
 * @param existing what the test has that the YAML is applied to
 * @throws with the name of the rule that is broken
 */
export const readAsGithubAction = (text: string, existing: ExistingTest = {}): SeenTest => {
  const yaml: Yaml = parse(text);
  for (const [name, holds] of RULES) if (!holds(yaml)) throw new Error(name);
  const { failureCriteria = [], autoStop, referenceIdentities = [], appComponents = [] } = yaml;
  const client = Array.isArray(failureCriteria) ? failureCriteria : (failureCriteria.clientMetrics ?? []);
  const server = Array.isArray(failureCriteria) ? [] : (failureCriteria.serverMetrics ?? []);
  const one = (kind: string): readonly [string, string | null] => {
    const [found] = ofKind(referenceIdentities, kind);
    return found?.value == null ? ["SystemAssigned", null] : ["UserAssigned", found.value];
  };
  const engine = ofKind(referenceIdentities, "Engine");
  return {
    displayName: yaml.displayName ?? yaml.testId.toLowerCase(),
    description: yaml.description ?? existing.description ?? null,
    kind: yaml.testType,
    engineInstances: yaml.engineInstances ?? 1,
    splitAllCSVs: yaml.splitAllCSVs ?? false,
    regions: yaml.regionalLoadTestConfig ?? existing.regions ?? null,
    criteria: sorted(clientCriteria(client)),
    serverCriteria: sorted(
      server.map(({ resourceId, metricName, aggregation, condition, value, metricNamespace }: Yaml) => ({
        resourceId,
        metricNamespace: metricNamespace ?? resourceType(resourceId),
        metricName,
        aggregation,
        condition: condition === "GreaterThan" ? ">" : "<",
        value,
      })),
    ),
    autoStop:
      autoStop === "disable"
        ? "disabled"
        : {
            errorRate: autoStop.errorPercentage,
            seconds: autoStop.timeWindow,
            mostUsers: autoStop.maximumVirtualUsersPerEngine ?? existing.mostUsers ?? SERVICE_DEFAULTS.mostUsers,
          },
    secrets: byName(yaml.secrets),
    certificate: yaml.certificates?.[0] ?? null,
    env: byName(yaml.env),
    subnetId: yaml.subnetId ?? existing.subnetId ?? null,
    publicIPDisabled: yaml.publicIPDisabled ?? false,
    identities: {
      keyVault: one("KeyVault"),
      metrics: one("Metrics"),
      engine: [engine[0]?.type ?? "None", engine.flatMap(({ value }) => value ?? [])],
    },
    components: Object.fromEntries(
      appComponents.map(({ resourceId, resourceName, kind }: Yaml) => [
        resourceId.toLowerCase(),
        { resourceName: resourceName ?? resourceId.split("/").at(-1), kind: kind ?? null },
      ]),
    ),
    metrics: serverMetrics(appComponents),
    files: {
      script: basename(yaml.testPlan),
      properties: basename(yaml.properties.userPropertyFile),
      additional: (yaml.configurationFiles ?? []).map((path: string) => basename(path)),
      zips: (yaml.zipArtifacts ?? []).map((path: string) => basename(path)),
    },
  };
};

const byName = (list: readonly { name: string; value: string }[] = []): Record<string, string> =>
  Object.fromEntries(list.map(({ name, value }) => [name, value]));

const resourceType = (id: string): string => id.split("/").slice(6, 8).join("/");

/** Character by character; the last number of several equal criteria depends on the condition. */
const clientCriteria = (list: readonly (string | Record<string, string>)[]): SeenTest["criteria"][number][] => {
  const kept = new Map<string, SeenTest["criteria"][number]>();
  for (const entry of list) {
    const [requestName, text] = typeof entry === "string" ? [null, entry] : (Object.entries(entry)[0] ?? [null, ""]);
    const [, aggregate = "", clientMetric = "", rest = ""] = /^([^(]*)\(([^)]*)\)(.*)$/.exec(text) ?? [];
    const digit = rest.search(/\d/);
    const condition = rest.slice(0, digit).trim();
    const value = Number.parseInt(rest.slice(digit), 10);
    const rule = METRICS[clientMetric];
    if (!rule?.aggregates.includes(aggregate.trim()) || condition === "" || !rule.conditions.includes(condition)) {
      throw new Error("Invalid Failure Criteria");
    }
    const key = [clientMetric, aggregate.trim(), condition, requestName ?? ""].join(" ");
    const other = kept.get(key)?.value ?? value;
    const strictest = condition === ">" ? Math.min(value, other) : Math.max(value, other);
    kept.set(key, { clientMetric, aggregate: aggregate.trim(), condition, value: strictest, requestName });
  }
  return [...kept.values()];
};

const serverMetrics = (components: readonly Yaml[]): string[] => {
  const byKey = new Map<string, string[]>();
  for (const { resourceId, metrics = [] } of components) {
    for (const { name, aggregation, namespace } of metrics) {
      const key = [resourceId.toLowerCase(), namespace ?? resourceType(resourceId), name].join(" ");
      byKey.set(key, [...(byKey.get(key) ?? []), aggregation]);
    }
  }
  return sorted([...byKey].map(([key, aggregations]) => `${key} ${aggregations.join(",")}`));
};

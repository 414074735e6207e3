/**
 * The az CLI's `load` extension as a reader of the YAML: PyYAML, which speaks YAML 1.1, and splitting instead of a grammar.
 * Unknown keys are passed over. It checks neither metric nor aggregate, and sends a threshold as the text that it is.
 * @see Azure/azure-cli-extensions, src/load
 */

import { basename } from "node:path";
import { parse } from "yaml";
import { SERVICE_DEFAULTS, type SeenTest, sorted } from "./seen-test.ts";

/** What the service has of the test already; the CLI sends some of it again. */
export interface ExistingTest {
  readonly autoStop?: SeenTest["autoStop"];
  readonly engine?: SeenTest["identities"]["engine"];
}

/** Versions of the extension: the older ones read less. */
export interface CliVersion {
  /** Reads `clientMetrics` and `serverMetrics`; an older one takes a plain list only. */
  readonly knowsServerCriteria: boolean;
  readonly knowsMostUsers: boolean;
}

export const OLDER: CliVersion = { knowsServerCriteria: false, knowsMostUsers: false };
export const NEWER: CliVersion = { knowsServerCriteria: true, knowsMostUsers: true };

const VAULT =
  "https://[A-Za-z][A-Za-z0-9-]*\\.vault(?:-int)?\\.(?:azure|azure-int|usgovcloudapi|microsoftazure)\\.(?:net|cn|de)";
const SECRET = new RegExp(`^${VAULT}/secrets/[A-Za-z0-9-]+(?:/[A-Za-z0-9]+)?$`);
const CERTIFICATE = new RegExp(`^${VAULT}/certificates/[A-Za-z0-9-]+(?:/[A-Za-z0-9]+)?$`);
const RESOURCE_ID = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/i;

/** What `--test-id` brings along with every call, and the locations of a subscription. */
const LOCATIONS = new Set(["westeurope", "northeurope", "eastus"]);

// biome-ignore lint/suspicious/noExplicitAny: the reader is Python, and looks at whatever there is
type Yaml = any;

/** @throws with the name of what it does not take */
export const readAsAzCli = (text: string, version: CliVersion = NEWER, existing: ExistingTest = {}): SeenTest => {
  const yaml: Yaml = parse(text, { version: "1.1" });
  const identities = referenceIdentities(yaml.referenceIdentities);
  return {
    displayName: yaml.displayName,
    description: yaml.description ?? null,
    kind: yaml.testType,
    engineInstances: yaml.engineInstances ?? 1,
    splitAllCSVs: boolean("splitAllCSVs", yaml.splitAllCSVs),
    regions: regions(yaml.regionalLoadTestConfig),
    ...criteria(yaml.failureCriteria, version),
    autoStop: autoStop(yaml.autoStop, version, existing),
    secrets: named(yaml.secrets, SECRET),
    certificate: certificate(yaml.certificates),
    env: env(yaml.env),
    subnetId: yaml.subnetId ?? null,
    publicIPDisabled: yaml.publicIPDisabled ?? false,
    identities: {
      keyVault: identities.one("KeyVault", SERVICE_DEFAULTS.keyVault),
      metrics: identities.one("Metrics", SERVICE_DEFAULTS.metrics),
      engine: identities.engine ?? existing.engine ?? [SERVICE_DEFAULTS.engine, []],
    },
    ...components(yaml.appComponents),
    files: {
      script: basename(yaml.testPlan),
      properties: basename(yaml.properties.userPropertyFile),
      additional: (yaml.configurationFiles ?? []).map((path: string) => basename(path)),
      zips: (yaml.zipArtifacts ?? []).map((path: string) => basename(path)),
    },
  };
};

const refuse = (what: string): never => {
  throw new Error(what);
};

const boolean = (what: string, value: unknown): boolean =>
  value == null ? false : typeof value === "boolean" ? value : refuse(what);

const regions = (list: Yaml): SeenTest["regions"] =>
  list == null
    ? null
    : list.map(({ region, engineInstances }: Yaml) => {
        if (!LOCATIONS.has(region.toLowerCase()) || !Number.isInteger(engineInstances))
          refuse("regionalLoadTestConfig");
        return { region: region.toLowerCase(), engineInstances };
      });

const criteria = (written: Yaml, version: CliVersion): Pick<SeenTest, "criteria" | "serverCriteria"> => {
  const isMap = written != null && !Array.isArray(written);
  if (isMap && !version.knowsServerCriteria) refuse("failureCriteria");
  const client = (isMap ? written.clientMetrics : written) ?? [];
  const server = (isMap ? written.serverMetrics : null) ?? [];
  return { criteria: sorted(client.map(clientCriterion)), serverCriteria: sorted(server.map(serverCriterion)) };
};

const clientCriterion = (entry: Yaml): SeenTest["criteria"][number] => {
  const [requestName, text]: [string | null, string] =
    typeof entry === "string" ? [null, entry] : (Object.entries(entry)[0] as [string, string]);
  const parts = text.split("(");
  if (parts.length !== 2 || parts[1]?.split(")").length !== 2 || text.endsWith(")")) refuse("failureCriteria");
  const condition = text.split(")")[1]?.trim()[0] ?? "";
  return {
    clientMetric: text.split("(")[1]?.split(")")[0]?.trim() ?? "",
    aggregate: text.split("(")[0]?.trim() ?? "",
    condition,
    // Sent as text; the service makes a number of it, or refuses it.
    value: Number(text.split(condition)[1]?.trim()),
    requestName,
  };
};

const serverCriterion = ({ resourceId, metricName, aggregation, condition, value, metricNamespace }: Yaml) => {
  const sign = { GreaterThan: ">", LessThan: "<" }[condition as string] ?? refuse("serverMetrics");
  if ([resourceId, metricName, aggregation, value].some((one) => one == null)) refuse("serverMetrics");
  return {
    resourceId,
    metricNamespace: metricNamespace || resourceId.split("/").slice(6, 8).join("/"),
    metricName,
    aggregation,
    condition: sign,
    value,
  };
};

const autoStop = (written: Yaml, version: CliVersion, existing: ExistingTest): SeenTest["autoStop"] => {
  if (typeof written === "string") return written.toLowerCase() === "disable" ? "disabled" : refuse("autoStop");
  const { errorPercentage, timeWindow, maximumVirtualUsersPerEngine } = written ?? {};
  const isFine =
    (errorPercentage == null || (errorPercentage >= 0 && errorPercentage <= 100)) &&
    (timeWindow == null || (Number.isInteger(timeWindow) && timeWindow >= 0));
  if (!isFine) refuse("autoStop");
  const kept =
    typeof existing.autoStop === "object" ? existing.autoStop : { errorRate: 90, seconds: 60, mostUsers: 5000 };
  return {
    errorRate: errorPercentage ?? kept.errorRate,
    seconds: timeWindow ?? kept.seconds,
    mostUsers: (version.knowsMostUsers ? maximumVirtualUsersPerEngine : null) ?? kept.mostUsers,
  };
};

const named = (list: Yaml, shape: RegExp): Record<string, string> =>
  Object.fromEntries(
    (list ?? []).map(({ name, value }: Yaml) =>
      typeof name === "string" && typeof value === "string" && shape.test(value) ? [name, value] : refuse("secrets"),
    ),
  );

const certificate = (list: Yaml): SeenTest["certificate"] => {
  if (list == null) return null;
  const [[name, value] = refuse("certificates"), ...more] = Object.entries(named(list, CERTIFICATE));
  return more.length === 0 ? { name, value } : refuse("certificates");
};

/** A name or a value that YAML 1.1 takes for a number or a truth value is sent as one. */
const env = (list: Yaml): Record<string, string> =>
  Object.fromEntries((list ?? []).map(({ name, value }: Yaml) => (name == null ? refuse("env") : [name, value ?? ""])));

const referenceIdentities = (list: Yaml) => {
  const all: readonly Yaml[] = list ?? [];
  for (const { type, value } of all) {
    if (type === "UserAssigned" ? !RESOURCE_ID.test(value) : value) refuse("referenceIdentities");
  }
  const of = (kind: string): readonly Yaml[] => all.filter((one) => one.kind === kind);
  if (of("KeyVault").length > 1 || of("Metrics").length > 1) refuse("referenceIdentities");
  const engine = of("Engine");
  if (new Set(engine.map(({ type }) => type)).size > 1) refuse("referenceIdentities");
  return {
    one: (kind: string, normally: string): readonly [string, string | null] => {
      const [found] = of(kind);
      return found === undefined ? [normally, null] : [found.type, found.value ?? null];
    },
    engine: engine.length === 0 ? null : ([engine[0].type, engine.flatMap(({ value }) => value ?? [])] as const),
  };
};

const components = (list: Yaml): Pick<SeenTest, "components" | "metrics"> => {
  const found: Record<string, { resourceName: string; kind: string | null }> = {};
  const metrics = new Map<string, string[]>();
  for (const { resourceId, resourceName, kind, metrics: wanted = [] } of list ?? []) {
    if (!RESOURCE_ID.test(resourceId)) refuse("appComponents");
    found[resourceId.toLowerCase()] = { resourceName: resourceName ?? resourceId.split("/")[8], kind: kind ?? null };
    for (const { name, aggregation, namespace } of wanted) {
      const type = resourceId.split("/").slice(6, 8).join("/");
      const key = [resourceId.toLowerCase(), namespace ?? type, name].join(" ");
      metrics.set(key, [...(metrics.get(key) ?? []), aggregation]);
    }
  }
  return { components: found, metrics: sorted([...metrics].map(([key, all]) => `${key} ${all.join(",")}`)) };
};

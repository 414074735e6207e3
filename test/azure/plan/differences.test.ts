import { describe, expect, test } from "vitest";
import { testBody, testChanges } from "../../../azure/definition/test-body.ts";
import type { TestDefinition } from "../../../azure/definition/test-definition.ts";
import type { Difference } from "../../../azure/plan/difference.ts";
import { componentDifferences, entryDifferences, metricDifferences } from "../../../azure/plan/entry-differences.ts";
import { fileDifferences } from "../../../azure/plan/file-differences.ts";
import { settingDifferences } from "../../../azure/plan/setting-differences.ts";
import type { PassFailMetric, RemoteTest } from "../../../azure/plane/data-plane.ts";
import { patchesFor } from "../../../azure/run/test-patches.ts";
import type { Criterion } from "../../../gate/criterion.ts";
import { definition, GROUP, READER } from "./definition.ts";

/** A fresh test as the service would have it after this submission: nulls gone. */
const stored = (made: TestDefinition, more: Readonly<Record<string, unknown>> = {}): RemoteTest => {
  const body = JSON.parse(JSON.stringify(testBody(made, null), (_key, value) => value ?? undefined));
  return { ...body, testId: made.azure.testId, files: [], lastModifiedDateTime: null, ...more };
};

const differences = (made: TestDefinition, there: RemoteTest): Difference[] => {
  const body = testBody(made, there);
  const found = [...settingDifferences(testChanges(made, there)), ...entryDifferences(body, there)];
  // What submit sends and what plan tells must never be at odds.
  expect(found.length === 0).toBe(patchesFor(made).test(there) === null);
  return found;
};

const criterion = (value: number): Criterion => ({
  aggregate: "p95",
  metric: "response_time_ms",
  condition: ">",
  value,
  request: null,
  isLocal: false,
});

const RICH = definition(
  {
    engineInstances: 2,
    env: { ORG: "contoso" },
    secrets: { TOKEN: "https://my-vault.vault.azure.net/secrets/token" },
    certificates: { client: "https://my-vault.vault.azure.net/certificates/client" },
    identities: { keyVault: READER },
  },
  { client: [criterion(1000)], env: { ORG: "contoso", OLD_TOKEN_VALUE: "hunter2-hunter2" } },
);

describe("a submission changes", () => {
  test("nothing of a test that it made itself", () => {
    expect(differences(RICH, stored(RICH))).toEqual([]);
    const upper = stored(RICH, { keyvaultReferenceIdentityId: READER.toUpperCase() });
    expect(differences(RICH, upper)).toEqual([]);
  });

  test("settings, said with what they were and will be", () => {
    const there = stored(RICH, {
      loadTestConfiguration: { engineInstances: 1, splitAllCSVs: true },
      publicIPDisabled: true,
      subnetId: `${GROUP}/Microsoft.Network/virtualNetworks/net/subnets/engines`,
      autoStopCriteria: { autoStopDisabled: true },
    });
    expect(differences(RICH, there)).toEqual([
      { what: "engineInstances", how: "changed", from: "1", to: "2" },
      { what: "splitAllCSVs", how: "changed", from: "true", to: "false" },
      { what: "autoStop is off", how: "changed", from: "true", to: "false" },
      { what: "subnetId", how: "changed", from: there.subnetId, to: "none" },
      { what: "publicIPDisabled", how: "changed", from: "true", to: "false" },
    ]);
  });

  test.each<[what: string, azure: Record<string, unknown>, there: Record<string, unknown>, told: readonly string[]]>([
    ["the case of a name", { displayName: "MCP" }, { displayName: "mcp" }, ["changed displayName: mcp → MCP"]],
    ["the case of a description", { description: "All" }, { description: "ALL" }, ["changed description: ALL → All"]],
    ["a description that is gone here", {}, { description: "old" }, ["changed description: old → nightly"]],
    ["another kind of test", {}, { kind: "JMX" }, ["changed kind: JMX → Locust"]],
    ["Azure's own auto-stop, said or not", {}, { autoStopCriteria: { autoStopDisabled: false } }, []],
    [
      "an error rate of somebody else",
      {},
      { autoStopCriteria: { autoStopDisabled: false, errorRate: 50 } },
      ["changed autoStop.errorPercentage: 50 → 90"],
    ],
  ])("%s, as submit does", (_what, azure, there, told) => {
    const made = definition(azure);
    const found = differences(made, stored(made, there));
    expect(found.map(({ how, what, from, to }) => `${how} ${what}: ${from} → ${to}`)).toEqual(told);
  });

  test("regions only where they differ, in whatever order the service has them", () => {
    const regions = [
      { region: "westeurope", engineInstances: 2 },
      { region: "northeurope", engineInstances: 1 },
    ];
    const made = definition({ engineInstances: 3, regionalLoadTestConfig: regions });
    const there = (regionalLoadTestConfig: unknown) => ({
      loadTestConfiguration: { engineInstances: 3, splitAllCSVs: false, regionalLoadTestConfig },
    });
    expect(differences(made, stored(made, there(regions.toReversed())))).toEqual([]);
    expect(differences(made, stored(made, there(regions.slice(0, 1))))).toEqual([
      {
        what: "regionalLoadTestConfig",
        how: "changed",
        from: "westeurope 2",
        to: "northeurope 1, westeurope 2",
      },
    ]);
  });

  test("variables and secrets by name, never by value", () => {
    const there = stored(RICH, {
      environmentVariables: { ORG: "fabrikam", GONE: "hunter2" },
      secrets: { GONE_TOO: { type: "AKV_SECRET_URI", value: "https://my-vault.vault.azure.net/secrets/gone" } },
    });
    const found = differences(RICH, there);
    expect(found.map(({ what, how }) => `${how} ${what}`)).toEqual([
      "changed env ORG",
      "removed env GONE",
      "added env OLD_TOKEN_VALUE",
      "removed secret GONE_TOO",
      "added secret TOKEN",
    ]);
    expect(JSON.stringify(found)).not.toMatch(/hunter2|contoso|fabrikam/);
  });

  test("criteria by what they say, whatever their ids", () => {
    const metric = (value: number): PassFailMetric => ({
      clientMetric: "response_time_ms",
      aggregate: "p95",
      condition: ">",
      value,
      action: "continue",
    });
    const there = stored(RICH, {
      passFailCriteria: { passFailMetrics: { one: metric(1000), two: metric(50) }, passFailServerMetrics: {} },
    });
    expect(differences(RICH, there).map(({ what, how }) => `${how} ${what}`)).toEqual([
      "removed criterion p95(response_time_ms) > 50",
    ]);
    const twice = stored(RICH, {
      passFailCriteria: { passFailMetrics: { one: metric(1000), two: metric(1000) }, passFailServerMetrics: {} },
    });
    expect(differences(RICH, twice)).toMatchObject([{ how: "removed" }]);
  });

  test("a certificate that is another, gone or new", () => {
    const other = { type: "AKV_CERT_URI", name: "client", value: "https://my-vault.vault.azure.net/certificates/b" };
    const none = definition();
    expect(differences(RICH, stored(RICH, { certificate: other }))).toMatchObject([
      { what: "certificate client", how: "changed" },
    ]);
    expect(differences(RICH, stored(RICH, { certificate: undefined }))).toMatchObject([{ how: "added" }]);
    expect(differences(none, stored(none, { certificate: other }))).toMatchObject([{ how: "removed" }]);
  });
});

test("watched resources are added, changed and removed", () => {
  const component = { resourceName: "mcp", resourceType: "Microsoft.Web/sites" };
  const [one, two] = [`${GROUP}/Microsoft.Web/sites/one`, `${GROUP}/Microsoft.Web/sites/two`];
  expect(
    componentDifferences({ components: { [one]: component, [two]: null } }, { components: { [two]: component } }),
  ).toMatchObject([
    { what: "app component one", how: "added" },
    { what: "app component two", how: "removed" },
  ]);
  const metric = {
    resourceId: one,
    metricNamespace: "Microsoft.Web/sites",
    name: "CpuTime",
    aggregation: "Total",
    resourceType: "Microsoft.Web/sites",
  };
  expect(metricDifferences({ metrics: { a: metric } }, null)).toMatchObject([
    { what: "metric Total(CpuTime) of one", how: "added" },
  ]);
  expect(metricDifferences({ metrics: { a: metric } }, { metrics: { a: metric } })).toEqual([]);
  expect(
    metricDifferences({ metrics: { a: metric } }, { metrics: { a: { ...metric, aggregation: "Average" } } }),
  ).toMatchObject([
    { what: "metric Average(CpuTime) of one", how: "removed" },
    { what: "metric Total(CpuTime) of one", how: "added" },
  ]);
  expect(
    componentDifferences(
      { components: { [one]: component } },
      { components: { [one]: { ...component, resourceName: "other" } } },
    ),
  ).toMatchObject([{ what: "app component one", how: "changed" }]);
});

test("files that are not known to be the same are sent, others are left, and strange ones removed", () => {
  const ours = ["same.py", "other.py", "new.py"].map((name) => ({
    name,
    kind: "ADDITIONAL_ARTIFACTS" as const,
    bytes: 1,
    from: { text: "" },
  }));
  const there = ["same.py", "other.py", "gone.py"].map((fileName) => ({
    fileName,
    fileType: "ADDITIONAL_ARTIFACTS",
    validationStatus: "NOT_VALIDATED" as const,
    validationFailureDetails: null,
  }));
  expect(fileDifferences(ours, there, ({ name }) => name === "same.py")).toMatchObject([
    { what: "file other.py", how: "changed" },
    { what: "file new.py", how: "added" },
    { what: "file gone.py", how: "removed" },
  ]);
});

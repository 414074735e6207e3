import { describe, expect, test } from "vitest";
import { isUnchanged, testBody } from "../../../azure/definition/test-body.ts";
import type { RemoteTest, TestBody } from "../../../azure/plane/data-plane.ts";
import { CONFIGURATIONS, IDENTITY } from "./configurations.ts";
import { define } from "./project.ts";

/** RFC 7396, as the service applies it; then what is null is absent in its answers. */
const applied = (target: unknown, patch: unknown): unknown => {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = typeof target === "object" && target !== null ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = applied(merged[key], value);
  }
  return merged;
};

const asRemote = (body: TestBody, before: RemoteTest | null = null): RemoteTest => ({
  ...(applied(before ?? {}, body) as object),
  testId: "mcp-nightly",
  files: [],
  lastModifiedDateTime: null,
});

const idsOf = ({ passFailCriteria }: TestBody): string[] => Object.keys(passFailCriteria?.passFailMetrics ?? {});

describe.each(Object.entries(CONFIGURATIONS))("%s", (_name, project) => {
  test("the same again changes nothing", () => {
    const definition = define(project);
    const remote = asRemote(testBody(definition, null));
    expect(isUnchanged(definition, remote)).toBe(true);
    expect(asRemote(testBody(definition, remote), remote)).toEqual(remote);
  });

  test("whatever was there before, what is configured is left", () => {
    const definition = define(project);
    const everything = define(CONFIGURATIONS["server criteria"] ?? {});
    const before = asRemote({
      ...testBody(everything, null),
      secrets: { OLD: { type: "AKV_SECRET_URI", value: "https://v.vault.azure.net/secrets/old" } },
      environmentVariables: { OLD: "1", LOCUST_USERS: "9" },
      certificate: { type: "AKV_CERT_URI", name: "old", value: "https://v.vault.azure.net/certificates/old" },
      subnetId: "/subscriptions/old",
      publicIPDisabled: true,
      description: "old",
      engineBuiltInIdentityType: "UserAssigned",
      engineBuiltInIdentityIds: [IDENTITY],
      autoStopCriteria: { autoStopDisabled: true, maximumVirtualUsersPerEngine: 1 },
    });
    expect(isUnchanged(definition, before)).toBe(false);
    const after = asRemote(testBody(definition, before), before);
    expect(isUnchanged(definition, after)).toBe(true);
    expect(Object.keys(after.environmentVariables ?? {})).not.toContain("OLD");
    expect(Object.keys(after.secrets ?? {})).not.toContain("OLD");
  });
});

const criteria = (...lines: readonly string[]) =>
  define({ more: `failureCriteria:\n${lines.map((line) => `  - ${line}\n`).join("")}` });
const SLOW = "avg(response_time_ms) > 3000";
const FAILING = "percentage(error) > 5";

test("a criterion keeps the id that it has at Azure, a changed one gets a new one, and one that is gone is removed", () => {
  const remote = asRemote({
    passFailCriteria: {
      passFailMetrics: {
        "id-slow": {
          clientMetric: "response_time_ms",
          aggregate: "avg",
          condition: ">",
          value: 3000,
          action: "continue",
        },
        "id-error": { clientMetric: "error", aggregate: "percentage", condition: ">", value: 50, action: "continue" },
      },
      passFailServerMetrics: {},
    },
  });
  const metrics = testBody(criteria(SLOW, FAILING), remote).passFailCriteria?.passFailMetrics ?? {};
  expect(metrics["id-slow"]).toMatchObject({ value: 3000 });
  expect(metrics["id-error"]).toBeNull();
  expect(Object.values(metrics).filter((metric) => metric?.value === 5)).toHaveLength(1);
});

test("the service's p99.9 is our p999", () => {
  const definition = criteria("p99.9(response_time_ms) > 9000");
  const [id = ""] = idsOf(testBody(definition, null));
  const metric = { clientMetric: "response_time_ms", aggregate: "p99.9", condition: ">", value: 9000 } as const;
  const remote = asRemote({
    ...testBody(definition, null),
    passFailCriteria: { passFailMetrics: { [id]: { ...metric, action: "continue" } }, passFailServerMetrics: {} },
  });
  expect(isUnchanged(definition, remote)).toBe(true);
});

test("what a run found out about a criterion is not sent back", () => {
  const definition = criteria(SLOW);
  const body = testBody(definition, null);
  const [id = ""] = idsOf(body);
  const metric = body.passFailCriteria?.passFailMetrics[id];
  if (metric == null) throw new Error("no criterion");
  const passFailMetrics = { [id]: { ...metric, actualValue: 12, result: "passed" } as const };
  const remote = asRemote({ ...body, passFailCriteria: { passFailMetrics, passFailServerMetrics: {} } });
  expect(testBody(definition, remote).passFailCriteria?.passFailMetrics[id]).toEqual(metric);
  expect(isUnchanged(definition, remote)).toBe(true);
});

test("two machines give a new criterion the same id, of the form of a UUID", () => {
  const [one, two] = [criteria(SLOW, FAILING), criteria(FAILING, SLOW)].map((definition) =>
    idsOf(testBody(definition, null)),
  );
  expect(one).toHaveLength(2);
  expect(new Set(one)).toEqual(new Set(two));
  for (const id of one ?? []) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("Azure gives resource ids back in its own case, and leaves defaults out: that is no change", () => {
  const definition = define(CONFIGURATIONS.identities ?? {});
  const { publicIPDisabled: _, metricsReferenceIdentityType: __, ...body } = testBody(definition, null);
  const remote = asRemote({
    ...body,
    keyvaultReferenceIdentityId: IDENTITY.toLowerCase().replace("resourcegroups", "resourceGroups"),
  });
  expect(isUnchanged(definition, remote)).toBe(true);
});

test.each([
  ["an engine more", { loadTestConfiguration: { engineInstances: 2, splitAllCSVs: false } }],
  ["another variable", { environmentVariables: { MORE: "1" } }],
  ["another limit of auto-stop", { autoStopCriteria: { autoStopDisabled: false, errorRate: 91 } }],
  ["an identity on the engines", { engineBuiltInIdentityType: "SystemAssigned" }],
  ["a subnet", { subnetId: "/subscriptions/a" }],
  ["a kind", { kind: "JMX" }],
] as const)("%s at Azure is a change", (_what, other) => {
  const definition = define({});
  const remote = asRemote(testBody(definition, null));
  expect(isUnchanged(definition, { ...remote, ...other } as RemoteTest)).toBe(false);
});

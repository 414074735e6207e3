import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { FakeLoadTesting } from "./fake-load-testing.ts";
import type { Json } from "./merge-patch.ts";
import { type Answer, RawClient } from "./raw-client.ts";

/** What the fake refuses, each with its status and code. The other way round, one good request holds everything. */

const fake = new FakeLoadTesting();
const client = new RawClient(fake);
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(async () => {
  fake.tests.byId.clear();
  fake.runs.byId.clear();
  await client.patch("/tests/there", { kind: "Locust" });
});

const GUID = "6f2c9a3e-0000-4000-8000-000000000001";
const criterion = (change: Json): Json => ({
  passFailCriteria: {
    passFailMetrics: {
      [GUID]: { clientMetric: "response_time_ms", aggregate: "p95", condition: ">", value: 300, ...change },
    },
  },
});
const secret = (value: string, type = "AKV_SECRET_URI"): Json => ({ secrets: { TOKEN: { type, value } } });
const SECRET = "https://fake-vault.vault.azure.net/secrets/token";

const outcome = ({ status, headers, json }: Answer): readonly unknown[] => {
  const { error } = json as { error?: { code: string; message: string } };
  if (status < 400) return [status];
  expect(error?.message).toEqual(expect.any(String));
  expect(headers["x-ms-error-code"]).toBe(error?.code);
  expect(headers["x-ms-request-id"]).toEqual(expect.any(String));
  return [status, error?.code];
};

test("a test that uses everything is taken, and comes back as it was sent", async () => {
  const { identityId, subnetId } = fake.world;
  const body = {
    kind: "Locust",
    displayName: "MCP nightly",
    description: "All four servers",
    loadTestConfiguration: { engineInstances: 3, splitAllCSVs: true },
    passFailCriteria: {
      passFailMetrics: {
        [GUID]: {
          clientMetric: "error",
          aggregate: "percentage",
          condition: ">",
          value: 0.5,
          action: "stop",
          requestName: "learn:initialize",
        },
      },
      passFailServerMetrics: {
        [GUID]: {
          resourceId: fake.world.resourceId,
          metricNamespace: "Microsoft.Web/sites",
          metricName: "CpuPercentage",
          aggregation: "Average",
          condition: ">",
          value: 80,
        },
      },
    },
    autoStopCriteria: {
      autoStopDisabled: false,
      errorRate: 50,
      errorRateTimeWindowInSeconds: 30,
      maximumVirtualUsersPerEngine: 500,
    },
    ...secret(SECRET),
    certificate: {
      type: "AKV_CERT_URI",
      value: "https://fake-vault.vault.azure.net/certificates/client",
      name: "client",
    },
    environmentVariables: { LOCUST_USERS: "10" },
    subnetId,
    publicIPDisabled: true,
    keyvaultReferenceIdentityType: "UserAssigned",
    keyvaultReferenceIdentityId: identityId,
    metricsReferenceIdentityType: "SystemAssigned",
    engineBuiltInIdentityType: "UserAssigned",
    engineBuiltInIdentityIds: [identityId],
  };
  const { status, json } = await client.patch("/tests/full", body);
  expect(status).toBe(201);
  expect(json).toMatchObject({ testId: "full", ...body });
});

test.each<readonly [string, Json]>([
  ["an unknown field", { displayname: "x1" }],
  ["a read-only field", { createdBy: "me" }],
  ["an unknown field inside", { loadTestConfiguration: { engines: 1 } }],
  ["a displayName of one character", { displayName: "x" }],
  ["a displayName of 51 characters", { displayName: "x".repeat(51) }],
  ["a description of 101 characters", { description: "x".repeat(101) }],
  ["no engine", { loadTestConfiguration: { engineInstances: 0 } }],
  ["401 engines", { loadTestConfiguration: { engineInstances: 401 } }],
  ["half an engine", { loadTestConfiguration: { engineInstances: 1.5 } }],
  ["a criterion whose id is no GUID", { passFailCriteria: { passFailMetrics: { one: null } } }],
  ["a metric of another tool", criterion({ clientMetric: "responseTimeMs" })],
  ["an aggregate that the metric lacks", criterion({ aggregate: "percentage" })],
  ["a condition that the service lacks", criterion({ condition: ">=" })],
  [
    "an error ratio that should be above",
    criterion({ clientMetric: "error", aggregate: "percentage", condition: "<" }),
  ],
  ["a response time with a fraction", criterion({ value: 0.5 })],
  ["a threshold as text", criterion({ value: "300" })],
  ["more errors than all", criterion({ clientMetric: "error", aggregate: "percentage", value: 101 })],
  ["a secret as its value", secret("ghp_1234", "SECRET_VALUE")],
  ["a secret that is no vault's", secret("https://example.test/secrets/token")],
  ["a secret over http", secret(SECRET.replace("https", "http"))],
  ["a certificate's address as a secret", secret(SECRET.replace("secrets", "certificates"))],
  ["a number as a variable", { environmentVariables: { LOCUST_USERS: 10 } }],
  ["a subnet's name without its id", { subnetId: "engines" }],
  ["an autoStop over 100 percent", { autoStopCriteria: { errorRate: 101 } }],
  [
    "one region alone",
    { loadTestConfiguration: { regionalLoadTestConfig: [{ region: "westeurope", engineInstances: 1 }] } },
  ],
  ["null for what cannot be removed", { displayName: null }],
])("%s is refused, with the field's name", async (_, body) => {
  const answer = await client.patch("/tests/there", body);
  expect(outcome(answer)).toEqual([400, "InvalidRequestBody"]);
  expect((answer.json as { error: { target: string } }).error.target).toEqual(expect.any(String));
});

const identity = (kind: string, change: Json): Json =>
  Object.fromEntries(Object.entries(change).map(([key, value]) => [`${kind}${key}`, value]));
const regions = (...engines: readonly number[]) =>
  engines.map((engineInstances, index) => ({ region: `region${index}`, engineInstances }));
const many = Object.fromEntries(
  Array.from({ length: 51 }, (_, index) => [
    `6f2c9a3e-0000-4000-8000-${String(index).padStart(12, "0")}`,
    { clientMetric: "requests", aggregate: "count", condition: "<", value: index },
  ]),
);

test.each<readonly [string, () => Json]>([
  ["the 51st criterion", () => ({ passFailCriteria: { passFailMetrics: many } })],
  [
    "regions that are not the sum",
    () => ({ loadTestConfiguration: { engineInstances: 4, regionalLoadTestConfig: regions(1, 2) } }),
  ],
  ["a private network without a subnet", () => ({ publicIPDisabled: true })],
  ["a user-assigned identity without an id", () => identity("keyvaultReferenceIdentity", { Type: "UserAssigned" })],
  [
    "a system-assigned identity with an id",
    () => identity("metricsReferenceIdentity", { Type: "SystemAssigned", Id: fake.world.identityId }),
  ],
  [
    "an identity that the resource does not have",
    () => identity("engineBuiltInIdentity", { Type: "UserAssigned", Ids: [fake.world.strangerId] }),
  ],
  [
    "engines with an identity in several regions",
    () => ({
      loadTestConfiguration: { engineInstances: 3, regionalLoadTestConfig: regions(1, 2) },
      engineBuiltInIdentityType: "SystemAssigned",
    }),
  ],
  ["another kind for a test that is there", () => ({ kind: "JMX" })],
])("%s is refused", async (_, body) => {
  expect(outcome(await client.patch("/tests/there", body()))).toEqual([400, "InvalidRequest"]);
});

const octets = { "content-type": "application/octet-stream" };
const PATCHED = { json: { displayName: "other" } };

test.each<readonly [string, () => Promise<Answer>, readonly unknown[]]>([
  [
    "no token",
    () => client.send("GET", `https://${fake.urls.dataPlaneHost}/tests?api-version=2026-04-01`),
    [401, "Unauthorized"],
  ],
  [
    "a token for the management plane",
    () =>
      client.send("GET", `https://${fake.urls.dataPlaneHost}/tests?api-version=2026-04-01`, {}, fake.urls.management),
    [401, "Unauthorized"],
  ],
  [
    "no api-version",
    () => client.send("GET", `https://${fake.urls.dataPlaneHost}/tests`, {}, fake.audience),
    [400, "MissingApiVersionParameter"],
  ],
  ["another api-version", () => client.data("GET", "/tests?api-version=2022-11-01"), [400, "UnsupportedApiVersion"]],
  ["an unknown query parameter", () => client.data("GET", "/tests?top=3"), [400, "InvalidRequest"]],
  ["an unknown path", () => client.data("GET", "/loadtests"), [404, "ResourceNotFound"]],
  ["PUT where PATCH belongs", () => client.data("PUT", "/tests/there", PATCHED), [405, "MethodNotAllowed"]],
  [
    "a patch as plain JSON",
    () => client.data("PATCH", "/tests/there", { ...PATCHED, headers: { "content-type": "application/json" } }),
    [415, "UnsupportedMediaType"],
  ],
  [
    "half a document",
    () =>
      client.data("PATCH", "/tests/there", {
        bytes: "{",
        headers: { "content-type": "application/merge-patch+json" },
      }),
    [400, "InvalidRequest"],
  ],
  ["an id in upper case", () => client.patch("/tests/There", {}), [400, "InvalidRequest"]],
  ["an id of one character", () => client.patch("/tests/t", {}), [400, "InvalidRequest"]],
  ["an id of 51 characters", () => client.patch(`/tests/${"t".repeat(51)}`, {}), [400, "InvalidRequest"]],
  ["a test that is not there", () => client.data("GET", "/tests/absent"), [404, "TestNotFound"]],
  ["a run that is not there", () => client.data("POST", "/test-runs/absent:stop"), [404, "TestRunNotFound"]],
  [
    "app components that never were set",
    () => client.data("GET", "/tests/there/app-components"),
    [404, "ConfigurationNotFound"],
  ],
  ["an upload for no test", () => client.upload("absent", "a.csv", "x"), [404, "TestNotFound"]],
  [
    "an upload as text",
    () => client.data("PUT", "/tests/there/files/a.csv", { bytes: "x", headers: { "content-type": "text/csv" } }),
    [415, "UnsupportedMediaType"],
  ],
  ["an upload of no known type", () => client.upload("there", "a.csv", "x", "DATA"), [400, "InvalidRequest"]],
  [
    "a script of JMeter in a Locust test",
    () => client.upload("there", "a.jmx", "x", "JMX_FILE"),
    [400, "InvalidRequest"],
  ],
  ["a script that is no Python", () => client.upload("there", "a.txt", "x", "TEST_SCRIPT"), [400, "InvalidRequest"]],
  ["a path as a file's name", () => client.upload("there", "data%2Fa.csv", "x"), [400, "InvalidRequest"]],
  [
    "a file of more than 50 MB",
    () => client.upload("there", "a.bin", Buffer.alloc(50 * 1024 * 1024 + 1)),
    [413, "FileTooLarge"],
  ],
  [
    "a file to delete that is not there",
    () => client.data("DELETE", "/tests/there/files/a.csv"),
    [404, "FileNotFound"],
  ],
  ["a run of no test", () => client.patch("/test-runs/run-1", {}), [400, "InvalidRequest"]],
  [
    "a run of a test that is not there",
    () => client.patch("/test-runs/run-1", { testId: "absent" }),
    [404, "TestNotFound"],
  ],
  [
    "a run of a test without a script",
    () => client.patch("/test-runs/run-1", { testId: "there" }),
    [400, "TestScriptNotFound"],
  ],
  [
    "engines for a run",
    () => client.patch("/test-runs/run-1", { testId: "there", loadTestConfiguration: {} }),
    [400, "InvalidRequestBody"],
  ],
  ["testId and testIds at once", () => client.data("GET", "/test-runs?testId=a1&testIds=a1"), [400, "InvalidRequest"]],
  [
    "a body where none belongs",
    () => client.data("DELETE", "/tests/there", { bytes: "x", headers: octets }),
    [400, "InvalidRequest"],
  ],
])("%s is refused", async (_, ask, expected) => {
  expect(outcome(await ask())).toEqual(expected);
});

test("a second script under another name is refused until the first is gone", async () => {
  await client.upload("there", "a.py", "", "TEST_SCRIPT");
  expect(outcome(await client.upload("there", "b.py", "", "TEST_SCRIPT"))).toEqual([409, "FileAlreadyExists"]);
  expect(outcome(await client.data("DELETE", "/tests/there/files/a.py"))).toEqual([204]);
  expect(outcome(await client.upload("there", "b.py", "", "TEST_SCRIPT"))).toEqual([201]);
});

import { expect, onTestFinished, test } from "vitest";
import { FakeLoadTesting } from "./fake-load-testing.ts";
import { openApiMissing } from "./open-api.ts";
import { RawClient } from "./raw-client.ts";

const missing = openApiMissing();

test.skipIf(missing !== null)(
  `what the fake takes and answers fits Microsoft's OpenAPI${missing === null ? "" : ` (skipped: ${missing})`}`,
  async () => {
    const clock = { ms: Date.parse("2026-11-21T12:00:00Z") };
    const fake = new FakeLoadTesting({ now: () => clock.ms });
    await fake.start();
    onTestFinished(() => fake.stop());
    const client = new RawClient(fake);
    const { identityId, subnetId, resourceId } = fake.world;
    const requests = [
      await client.patch("/tests/nightly", {
        kind: "Locust",
        displayName: "Nightly",
        description: null,
        loadTestConfiguration: { engineInstances: 2, splitAllCSVs: false, regionalLoadTestConfig: null },
        passFailCriteria: {
          passFailMetrics: {
            "6f2c9a3e-0000-4000-8000-000000000001": {
              clientMetric: "response_time_ms",
              aggregate: "p99.9",
              condition: ">",
              value: 300,
              requestName: "learn:initialize",
            },
          },
          passFailServerMetrics: {
            "6f2c9a3e-0000-4000-8000-000000000002": {
              resourceId,
              metricNamespace: "n",
              metricName: "Cpu",
              aggregation: "Average",
              condition: ">",
              value: 80,
              action: "continue",
            },
          },
        },
        autoStopCriteria: { autoStopDisabled: true },
        secrets: { TOKEN: { type: "AKV_SECRET_URI", value: "https://fake-vault.vault.azure.net/secrets/token" } },
        certificate: {
          type: "AKV_CERT_URI",
          value: "https://fake-vault.vault.azure.net/certificates/client",
          name: "client",
        },
        environmentVariables: { LOCUST_USERS: "4", GONE: null },
        subnetId,
        publicIPDisabled: true,
        keyvaultReferenceIdentityType: "SystemAssigned",
        keyvaultReferenceIdentityId: null,
        metricsReferenceIdentityType: "UserAssigned",
        metricsReferenceIdentityId: identityId,
        engineBuiltInIdentityType: "UserAssigned",
        engineBuiltInIdentityIds: [identityId],
        preferences: { enableAIErrorInsights: false },
      }),
      await client.upload("nightly", "data.csv", "a,b\n"),
      await client.upload("nightly", "locust.conf", "users = 4\n", "USER_PROPERTIES"),
      await client.upload("nightly", "multi.py", "import absent", "TEST_SCRIPT"),
    ];
    clock.ms += 1000;
    requests.push(await client.data("GET", "/tests/nightly/files"));
    requests.push(await client.upload("nightly", "multi.py", "import locust", "TEST_SCRIPT"));
    clock.ms += 1000;
    const components = { components: { [resourceId]: { resourceName: "a", resourceType: "b", kind: "web" } } };
    const metrics = {
      metrics: { m1: { resourceId, metricNamespace: "n", name: "Cpu", aggregation: "Average", resourceType: "t" } },
    };
    const query = `metricNamespace=LoadTestRunMetrics&timespan=2026-11-21T12:00:00Z/2026-11-21T13:00:00Z&interval=PT5S`;
    const json = { headers: { "content-type": "application/json" } };
    requests.push(
      await client.patch("/tests/nightly/app-components", components),
      await client.patch("/tests/nightly/server-metrics-config", metrics),
      await client.data("GET", "/tests"),
      await client.patch("/test-runs/run-1", { testId: "nightly", displayName: "Run 1", description: "first" }),
      await client.data("GET", "/test-runs/run-1/app-components"),
      await client.data("GET", "/test-runs/run-1/server-metrics-config"),
    );
    clock.ms += 100_000;
    for (let reads = 0; reads < 3; reads += 1) requests.push(await client.data("GET", "/test-runs/run-1"));
    requests.push(
      await client.data("GET", "/test-runs?testId=nightly"),
      await client.data("GET", "/test-runs/run-1/files/results.zip"),
      await client.data("GET", "/test-runs/run-1/metric-namespaces"),
      await client.data("GET", "/test-runs/run-1/metric-definitions?metricNamespace=LoadTestRunMetrics"),
      await client.data(
        "GET",
        `/test-runs/run-1/metric-dimensions/RequestName/values?metricname=ResponseTime&${query}`,
      ),
      await client.data("POST", `/test-runs/run-1/metrics?metricname=ResponseTime&aggregation=Percentile95&${query}`, {
        json: { filters: [{ name: "RequestName", values: ["*"] }] },
        ...json,
      }),
      await client.patch("/test-runs/run-2", { testId: "nightly" }),
      await client.data("POST", "/test-runs/run-2:stop"),
    );
    expect(requests.filter(({ status }) => status >= 400).map((one) => one.json)).toEqual([]);
    await client.data("GET", "/tests/absent"); // a refusal has a schema too
    expect(fake.openApi.faults).toEqual([]);
    expect(fake.openApi.checked).toBeGreaterThan(25);
    expect(fake.openApi.skipped).toBe(0);
  },
);

test.skipIf(missing !== null)(
  `what Microsoft's OpenAPI does not know is found${missing === null ? "" : ` (skipped: ${missing})`}`,
  () => {
    const { openApi } = new FakeLoadTesting();
    expect(openApi.request("PATCH", "/tests/t1", { displayName: "x".repeat(51) })).toMatch(/50 characters/);
    expect(openApi.request("PATCH", "/tests/t1", { testId: "t1" })).toMatch(/additional properties "testId"/);
    expect(openApi.request("PATCH", "/tests/t1", { environmentVariables: { A: 1 } })).toMatch(/must be string/);
    expect(openApi.answer("GET", "/tests/t1", { status: 200, json: { displayName: "ab" } })).toMatch(/testId/);
    expect(openApi.faults).toHaveLength(4);
  },
);

test("without a folder nothing is checked, and that is counted", async () => {
  const { OpenApiCheck } = await import("./open-api.ts");
  const check = new OpenApiCheck("/there/is/no/such/folder");
  expect(check.request("PATCH", "/tests/t1", { nonsense: true })).toBeNull();
  expect(check).toMatchObject({ checked: 0, skipped: 1, faults: [] });
});

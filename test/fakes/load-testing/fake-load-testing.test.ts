import { expect, onTestFinished, test } from "vitest";
import { FakeLoadTesting } from "./fake-load-testing.ts";
import { RawClient } from "./raw-client.ts";

/** Other tests lean on what the fake refuses and on how its runs live, so this is tested too. */

const started = async () => {
  const clock = { ms: Date.parse("2026-11-21T12:00:00Z") };
  const fake = new FakeLoadTesting({ now: () => clock.ms });
  await fake.start();
  onTestFinished(() => fake.stop());
  return { fake, client: new RawClient(fake), clock };
};

const LOCUST_TEST = { kind: "Locust", displayName: "MCP nightly", loadTestConfiguration: { engineInstances: 2 } };

test("a run goes from an empty service to its results", async () => {
  const { fake, client, clock } = await started();
  expect((await client.patch("/tests/nightly", LOCUST_TEST)).status).toBe(201);
  expect((await client.upload("nightly", "multi.py", "from locust import User\n", "TEST_SCRIPT")).status).toBe(201);
  expect((await client.patch("/test-runs/run-1", { testId: "nightly" })).status).toBe(409);
  clock.ms += fake.timing.validationMs;
  expect((await client.patch("/test-runs/run-1", { testId: "nightly" })).json.status).toBe("ACCEPTED");
  const states: unknown[] = [];
  for (let index = 0; index < 24; index += 1) {
    const { status } = (await client.data("GET", "/test-runs/run-1")).json;
    if (status !== states.at(-1)) states.push(status);
    clock.ms += fake.timing.stateMs;
  }
  expect(states).toEqual([
    ...["ACCEPTED", "NOTSTARTED", "PROVISIONING", "PROVISIONED", "CONFIGURING", "CONFIGURED"],
    ...["EXECUTING", "EXECUTED", "DEPROVISIONING", "DEPROVISIONED", "DONE"],
  ]);
  const { json } = await client.data("GET", "/test-runs/run-1");
  expect(json).toMatchObject({ testResult: "NOT_APPLICABLE", virtualUsers: 1 });
  const { url } = (json.testArtifacts as { outputArtifacts: { resultFileInfo: { url: string } } }).outputArtifacts
    .resultFileInfo;
  const results = await client.send("GET", url);
  expect(results.bytes.subarray(0, 2).toString()).toBe("PK");
});

test("a patch removes by null, keeps what it does not name, and what is removed falls back to the service's default", async () => {
  const { client } = await started();
  const id = "6f2c9a3e-0000-4000-8000-00000000000";
  const criterion = { clientMetric: "requests", aggregate: "count", condition: "<", value: 1 };
  await client.patch("/tests/nightly", {
    ...LOCUST_TEST,
    description: "first",
    environmentVariables: { A: "1", B: "2" },
    autoStopCriteria: { autoStopDisabled: true, errorRate: 10 },
    passFailCriteria: { passFailMetrics: { [`${id}1`]: criterion, [`${id}2`]: criterion } },
  });
  const { json } = await client.patch("/tests/nightly", {
    description: null,
    environmentVariables: { A: null, C: "3" },
    autoStopCriteria: null,
    passFailCriteria: { passFailMetrics: { [`${id}1`]: null } },
  });
  expect(json).toMatchObject({
    displayName: "MCP nightly",
    loadTestConfiguration: { engineInstances: 2, splitAllCSVs: false },
    autoStopCriteria: {
      autoStopDisabled: false,
      errorRate: 90,
      errorRateTimeWindowInSeconds: 60,
      maximumVirtualUsersPerEngine: 5000,
    },
  });
  expect(json).not.toHaveProperty("description");
  expect(json.environmentVariables).toEqual({ B: "2", C: "3" });
  expect(json.passFailCriteria).toEqual({ passFailMetrics: { [`${id}2`]: criterion } });
});

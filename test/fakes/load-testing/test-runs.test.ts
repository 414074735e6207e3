import { expect, onTestFinished, test } from "vitest";
import { ROLES } from "./azure-world.ts";
import { FakeLoadTesting } from "./fake-load-testing.ts";
import type { Json } from "./merge-patch.ts";
import { RawClient } from "./raw-client.ts";

/** The clock is the test's: nothing waits. */
const readied = async (body: Json = {}) => {
  const clock = { ms: Date.parse("2026-11-21T12:00:00Z") };
  const fake = new FakeLoadTesting({ now: () => clock.ms });
  await fake.start();
  onTestFinished(() => fake.stop());
  const client = new RawClient(fake);
  await client.patch("/tests/nightly", { kind: "Locust", ...body });
  await client.upload("nightly", "locust.conf", "users = 40\n", "USER_PROPERTIES");
  await client.upload("nightly", "multi.py", "import learn", "TEST_SCRIPT");
  await client.upload("nightly", "learn.py", "from locust import User");
  await client.upload("nightly", "multi.py", "import learn", "TEST_SCRIPT");
  clock.ms += fake.timing.validationMs;
  const run = async (id = "run-1"): Promise<Json> => (await client.data("GET", `/test-runs/${id}`)).json;
  const toTheEnd = async (): Promise<Json> => {
    clock.ms += 100_000;
    for (let reads = 0; reads < fake.faults.statisticsLagReads; reads += 1) await run();
    return await run();
  };
  const start = (id = "run-1") => client.patch(`/test-runs/${id}`, { testId: "nightly" });
  return { fake, client, clock, run, start, toTheEnd };
};

const code = ({ json }: { json: Json }) => (json as { error?: { code: string } }).error?.code;
const GUID = "6f2c9a3e-0000-4000-8000-00000000000";

test("a script that comes before a module that it imports fails its validation", async () => {
  const { client, clock, fake, start } = await readied();
  await client.data("DELETE", "/tests/nightly/files/learn.py");
  const early = await client.upload("nightly", "multi.py", "import learn", "TEST_SCRIPT");
  expect(early.json.validationStatus).toBe("VALIDATION_INITIATED");
  await client.upload("nightly", "learn.py", "");
  clock.ms += fake.timing.validationMs;
  const { json } = await client.data("GET", "/tests/nightly");
  expect(json.inputArtifacts).toMatchObject({
    testScriptFileInfo: {
      validationStatus: "VALIDATION_FAILURE",
      validationFailureDetails: "multi.py: ModuleNotFoundError: No module named 'learn'",
    },
    userPropFileInfo: { fileName: "locust.conf", validationStatus: "VALIDATION_NOT_REQUIRED" },
  });
  expect((await start()).status).toBe(400);
});

test("a module that is deleted after the validation ends the run in VALIDATION_FAILURE", async () => {
  const { client, start, toTheEnd } = await readied();
  await client.data("DELETE", "/tests/nightly/files/learn.py");
  expect((await start()).status).toBe(201);
  expect(await toTheEnd()).toMatchObject({
    status: "VALIDATION_FAILURE",
    errorDetails: [{ code: "TestScriptValidationFailed" }],
  });
});

test("the same id is the same run; for another test it is refused", async () => {
  const { client, start } = await readied();
  await client.patch("/tests/other", { kind: "Locust" });
  expect((await start()).status).toBe(201);
  expect((await start()).status).toBe(200);
  const other = await client.patch("/test-runs/run-1", { testId: "other" });
  expect([other.status, code(other)]).toEqual([409, "TestRunAlreadyExists"]);
});

test("an active run keeps itself and its test from being deleted", async () => {
  const { client, start, toTheEnd } = await readied();
  await start();
  expect(code(await client.data("DELETE", "/tests/nightly"))).toBe("TestHasActiveRun");
  expect(code(await client.data("DELETE", "/test-runs/run-1"))).toBe("TestRunActive");
  await toTheEnd();
  expect((await client.data("DELETE", "/tests/nightly")).status).toBe(204);
  expect((await client.data("GET", "/test-runs/run-1")).status).toBe(404);
});

test("stopping goes over CANCELLING to CANCELLED, once", async () => {
  const { client, clock, fake, start, run } = await readied();
  await start();
  expect((await client.data("POST", "/test-runs/run-1:stop")).json.status).toBe("CANCELLING");
  clock.ms += fake.timing.stateMs;
  expect(await run()).toMatchObject({ status: "CANCELLED", testResult: "NOT_APPLICABLE" });
  expect(code(await client.data("POST", "/test-runs/run-1:stop"))).toBe("TestRunAlreadyEnded");
});

test("statistics, users and files come some reads after the end, with the verdict by the criteria", async () => {
  const { fake, clock, start, run, toTheEnd } = await readied({
    passFailCriteria: {
      passFailMetrics: {
        [`${GUID}1`]: { clientMetric: "requests", aggregate: "count", condition: "<", value: 3 },
        [`${GUID}2`]: { clientMetric: "error", aggregate: "percentage", condition: ">", value: 50 },
        [`${GUID}3`]: {
          clientMetric: "response_time_ms",
          aggregate: "p999",
          condition: ">",
          value: 299,
          requestName: "learn:tools/list",
        },
        [`${GUID}4`]: { clientMetric: "requests", aggregate: "count", condition: ">", value: 1, requestName: "absent" },
      },
    },
  });
  const row = { engine: 1, at: 0, label: "learn:initialize", failure: null };
  fake.results.rowsOf = () => [
    { ...row, elapsedMs: 100 },
    { ...row, elapsedMs: 200, failure: "timeout" },
    { ...row, elapsedMs: 300, label: "learn:tools/list" },
  ];
  await start();
  clock.ms += 100_000;
  expect(await run()).not.toHaveProperty("testRunStatistics");
  expect(await toTheEnd()).toMatchObject({
    testResult: "FAILED",
    virtualUsers: 40,
    testRunStatistics: {
      Total: { sampleCount: 3, errorCount: 1, meanResTime: 200, pct2ResTime: 300 },
      "learn:initialize": { sampleCount: 2, medianResTime: 100 },
    },
    passFailCriteria: {
      passFailMetrics: {
        [`${GUID}1`]: { actualValue: 3, result: "passed" },
        [`${GUID}2`]: { result: "passed" },
        [`${GUID}3`]: { actualValue: 300, result: "failed" },
        [`${GUID}4`]: { result: "undetermined" },
      },
    },
    testArtifacts: { outputArtifacts: { resultFileInfo: { fileName: "results.zip" } } },
    portalUrl: expect.stringContaining("/testRunId/run-1"),
  });
});

const SECRETS = { TOKEN: { type: "AKV_SECRET_URI", value: "https://fake-vault.vault.azure.net/secrets/token" } };

test.each<readonly [string, (fake: FakeLoadTesting) => unknown, string | null]>([
  ["the resource's own identity may read it", () => undefined, null],
  ["the vault has no such secret", ({ world }) => world.vaults.get("fake-vault")?.secrets.clear(), "no such secret"],
  ["the vault is gone", ({ world }) => world.vaults.clear(), "not found"],
  ["nobody has a role there", ({ world }) => world.roleAssignments.splice(0), "may not read"],
  [
    "access policies count, not roles",
    ({ world }) => Object.assign(world.vaults.get("fake-vault") ?? {}, { usesRoles: false }),
    "may not read",
  ],
  [
    "the group's role counts",
    ({ world }) => {
      world.roleAssignments.splice(0);
      const group = world.resourceId.replace(/\/providers\/.*/, "");
      world.assign(world.systemPrincipalId ?? "", ROLES.keyVaultSecretsUser, group);
    },
    null,
  ],
])("a secret is read when a run starts: %s", async (_, change, fault) => {
  const { fake, start, toTheEnd } = await readied({ secrets: SECRETS });
  change(fake);
  await start();
  const run = await toTheEnd();
  if (fault === null) expect(run.status).toBe("DONE");
  else {
    expect(run).toMatchObject({ status: "FAILED", errorDetails: [{ message: expect.stringContaining(fault) }] });
    expect(run).not.toHaveProperty("testArtifacts");
  }
});

test("faults of a run: it fails on its engines, is not valid, or is stopped in the portal", async () => {
  const { fake, clock, start, run } = await readied();
  fake.faults.runFailure = { state: "EXECUTED", code: "EngineFault", message: "an engine went away" };
  await start("run-1");
  fake.faults.runValidationFailure = "it does not start";
  await start("run-2");
  fake.faults.stoppedInPortalAfterMs = 500;
  await start("run-3");
  await start("run-4");
  clock.ms += 100_000;
  expect((await run("run-1")).errorDetails).toEqual([{ code: "EngineFault", message: "an engine went away" }]);
  const states = await Promise.all(["run-1", "run-2", "run-3", "run-4"].map(async (id) => (await run(id)).status));
  expect(states).toEqual(["FAILED", "VALIDATION_FAILURE", "CANCELLED", "DONE"]);
});

test("a run that is held goes on when it is released, and can be stopped", async () => {
  const { fake, client, clock, start, run } = await readied();
  await start("run-1");
  await start("run-2");
  fake.faults.heldAt = "EXECUTING";
  clock.ms += 100_000;
  expect([(await run("run-1")).status, (await run("run-2")).status]).toEqual(["EXECUTING", "EXECUTING"]);
  clock.ms += 100_000;
  expect((await client.data("POST", "/test-runs/run-2:stop")).json.status).toBe("CANCELLING");
  clock.ms += 100_000;
  expect([(await run("run-1")).status, (await run("run-2")).status]).toEqual(["EXECUTING", "CANCELLED"]);
  fake.faults.heldAt = null;
  clock.ms += 1;
  expect((await run("run-1")).status).toBe("EXECUTED");
});

test("times that change later are those of later runs: a run keeps its rows", async () => {
  const { fake, start, toTheEnd } = await readied();
  await start();
  await toTheEnd();
  fake.timing.executingMs *= 100;
  expect(await toTheEnd()).toMatchObject({ testRunStatistics: { Total: { sampleCount: 200 } } });
});

test("runs that are too large have only a container, with the engines' own records", async () => {
  const { fake, client, start, toTheEnd } = await readied();
  fake.archives.isLarge = true;
  fake.archives.records = [{ directory: "test/structure", as: "engine1/own" }];
  await start();
  const { testArtifacts } = (await toTheEnd()) as {
    testArtifacts: { outputArtifacts: { artifactsContainerInfo: { url: string } } };
  };
  expect(Object.keys(testArtifacts.outputArtifacts)).toEqual(["artifactsContainerInfo"]);
  const container = new URL(testArtifacts.outputArtifacts.artifactsContainerInfo.url);
  const blob = async (name: string) => {
    const { pathname, search, origin } = container;
    return (await client.send("GET", `${origin}${pathname}/${name}${search}`)).bytes.toString();
  };
  expect(await blob("engine1_results.csv")).toMatch(/^timeStamp,elapsed,label,.*\n\d+,\d+,learn:/);
  expect(await blob("engine1/own/rooms.json")).toContain("rooms");
});

test("runs are listed newest first, in pages that name the next", async () => {
  const { client, clock, start } = await readied();
  for (const id of ["run-1", "run-2", "run-3"]) {
    clock.ms += 1000;
    await start(id);
  }
  const first = (await client.data("GET", "/test-runs?testId=nightly&maxpagesize=2")).json;
  const ids = (page: Json) => (page.value as Json[]).map(({ testRunId }) => testRunId);
  expect(ids(first)).toEqual(["run-3", "run-2"]);
  const second = await client.send("GET", String(first.nextLink), {}, "https://cnt-fake.loadtesting.test");
  expect(ids(second.json)).toEqual(["run-1"]);
  expect(second.json).not.toHaveProperty("nextLink");
});

test("metrics grow while the run executes", async () => {
  const { fake, client, clock, start } = await readied();
  const ask = async (name: string, aggregation: string, filters: readonly Json[] = []) => {
    const span = "2026-11-21T12:00:00Z/2026-11-21T13:00:00Z";
    const query = `metricname=${name}&metricNamespace=LoadTestRunMetrics&timespan=${span}&interval=PT5S&aggregation=${aggregation}`;
    const answer = await client.data("POST", `/test-runs/run-1/metrics?${query}`, {
      json: { filters },
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(200);
    return answer.json.value as { data: { value: number }[]; dimensionValues: Json[] }[];
  };
  const total = async () =>
    (await ask("TotalRequests", "Total")).flatMap(({ data }) => data).reduce((sum, { value }) => sum + value, 0);
  await start();
  expect(await total()).toBe(0);
  clock.ms += 6 * fake.timing.stateMs + fake.timing.executingMs / 2;
  const half = await total();
  expect(half).toBeGreaterThan(50);
  clock.ms += 100_000;
  expect(await total()).toBeGreaterThan(half);
  expect((await ask("VirtualUsers", "Average"))[0]?.data[0]?.value).toBe(40);
  const byName = await ask("ResponseTime", "Percentile95", [{ name: "RequestName", values: ["learn:initialize"] }]);
  expect(byName.map(({ dimensionValues }) => dimensionValues)).toEqual([
    [{ name: "RequestName", value: "learn:initialize" }],
  ]);
});

test("app components and server metrics are merged by key and kept for the run", async () => {
  const { fake, client, start } = await readied();
  const { resourceId, identityId } = fake.world;
  const component = { resourceName: "mcp", resourceType: "Microsoft.Web/sites" };
  const path = "/tests/nightly/app-components";
  expect((await client.patch(path, { components: { [resourceId]: component } })).status).toBe(201);
  expect((await client.patch(path, { components: { [identityId]: component } })).status).toBe(200);
  await client.patch(path, { components: { [resourceId]: null } });
  await start();
  const { json } = await client.data("GET", "/test-runs/run-1/app-components");
  expect(json).toMatchObject({ testRunId: "run-1", components: { [identityId]: component } });
  expect(Object.keys(json.components as Json)).toEqual([identityId]);
  const metric = { resourceId, metricNamespace: "n", name: "Cpu", aggregation: "Average", resourceType: "t" };
  const metrics = await client.patch("/tests/nightly/server-metrics-config", { metrics: { one: metric } });
  expect(metrics.json).toMatchObject({ testId: "nightly", metrics: { one: { id: "one", ...metric } } });
});

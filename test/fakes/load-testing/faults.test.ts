import { beforeEach, expect, onTestFinished, test } from "vitest";
import { FakeLoadTesting } from "./fake-load-testing.ts";
import { RawClient } from "./raw-client.ts";

let fake: FakeLoadTesting;
let client: RawClient;
beforeEach(async () => {
  fake = new FakeLoadTesting();
  await fake.start();
  client = new RawClient(fake);
  return () => fake.stop();
});

test("a storm of 429 ends after its count, and says how long to wait", async () => {
  fake.faults.dataPlane.throttled = 2;
  fake.faults.dataPlane.retryAfterSeconds = 7;
  const answers = [];
  for (let index = 0; index < 3; index += 1) answers.push(await client.data("GET", "/tests"));
  expect(answers.map(({ status }) => status)).toEqual([429, 429, 200]);
  expect(answers.map(({ headers }) => headers["retry-after"])).toEqual(["7", "7", undefined]);
});

test.each([
  ["unavailable", 503, "application/json; charset=utf-8"],
  ["html", 502, "text/html"],
  ["brokenJson", 200, "application/json"],
] as const)("%s is answered as it says, once", async (fault, status, type) => {
  fake.faults.management[fault] = 1;
  const bad = await client.management(fake.world.resourceId);
  expect([bad.status, bad.headers["content-type"]]).toEqual([status, type]);
  expect((await client.management(fake.world.resourceId)).json.name).toBe("mcp-load");
});

test("only what a fault is meant for meets it", async () => {
  Object.assign(fake.faults.dataPlane, { only: "PATCH /tests", forbidden: true });
  expect((await client.data("GET", "/tests")).status).toBe(200);
  expect((await client.patch("/tests/t1", {})).status).toBe(403);
});

test("an upload is cut after so many bytes and leaves no file; the next one goes through", async () => {
  await client.patch("/tests/t1", { kind: "Locust" });
  fake.faults.dataPlane.cutUploadAfterBytes = 100_000;
  const bytes = Buffer.alloc(2_000_000, "x");
  await expect(client.upload("t1", "data.csv", bytes)).rejects.toThrow(/ECONNRESET|EPIPE|socket hang up/);
  expect(fake.tests.get("t1").files.size).toBe(0);
  expect((await client.upload("t1", "data.csv", bytes)).status).toBe(201);
  expect(fake.tests.get("t1").files.get("data.csv")?.bytes.equals(bytes)).toBe(true);
});

test("a connection that is cut instead of the answer has done its work", async () => {
  fake.faults.dataPlane.cutAfterwards = 1;
  await expect(client.patch("/tests/t1", { kind: "Locust" })).rejects.toThrow();
  expect((await client.patch("/tests/t1", { kind: "Locust" })).status).toBe(200);
});

test.each([
  ["brokenJsonAfterwards", 200],
  ["forbiddenAfterwards", 403],
] as const)("%s has done its work, once", async (fault, status) => {
  fake.faults.dataPlane[fault] = 1;
  expect((await client.patch("/tests/t1", { kind: "Locust" })).status).toBe(status);
  expect((await client.data("GET", "/tests/t1")).status).toBe(200);
});

test("the log holds who asked what and what came of it, without signatures", async () => {
  await client.data("GET", "/tests/absent", { headers: { "x-ms-correlation-request-id": "c-1" } });
  fake.blobs.put("run-1", "a.csv", Buffer.from("x"));
  await client.send("GET", fake.blobs.link("run-1", "a.csv", 1000).url);
  expect(fake.requests).toMatchObject([
    {
      host: "dataPlane",
      path: "/tests/absent?api-version=2026-04-01",
      status: 404,
      correlationId: "c-1",
      errorCode: "TestNotFound",
    },
    { host: "blob", method: "GET", status: 200, correlationId: null },
  ]);
  expect(fake.requests[1]?.path).toMatch(/&sig=\.\.\.$/);
});

test("links that have expired come as often as was asked for, then good ones", async () => {
  const clock = { ms: Date.parse("2026-11-21T12:00:00Z") };
  const other = new FakeLoadTesting({ now: () => clock.ms });
  await other.start();
  onTestFinished(() => other.stop());
  const asked = new RawClient(other);
  Object.assign(other.faults, { expiredLinks: 1, statisticsLagReads: 0 });
  await asked.patch("/tests/t1", { kind: "Locust" });
  await asked.upload("t1", "multi.py", "", "TEST_SCRIPT");
  clock.ms += 1000;
  await asked.patch("/test-runs/run-1", { testId: "t1" });
  clock.ms += 100_000;
  const download = async () => {
    const { json } = await asked.data("GET", "/test-runs/run-1");
    const artifacts = json.testArtifacts as { outputArtifacts: { resultFileInfo: { url: string } } };
    return (await asked.send("GET", artifacts.outputArtifacts.resultFileInfo.url)).status;
  };
  expect([await download(), await download()]).toEqual([403, 200]);
});

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import { azureOutcome } from "../../../azure/run/azure-outcome.ts";
import { findResource } from "../../../azure/run/find-resource.ts";
import { finishRun } from "../../../azure/run/finish-run.ts";
import { runFailure } from "../../../azure/run/run-failure.ts";
import { newTestRunId } from "../../../azure/run/test-run-id.ts";
import { readRun } from "../../../record/read-run.ts";
import { temporaryProject } from "../../config/temporary-project.ts";
import { csv, zip } from "../engines/made-results.ts";
import { inTurn, link, NO_ARTIFACTS, remoteRun, scripted } from "./scripted-plane.ts";

const finish = (status: string, artifacts = NO_ARTIFACTS) => {
  const run = remoteRun(status, { virtualUsers: 1, artifacts, errors: [{ code: "Why", message: "because" }] });
  const { context, events, clock } = scripted({ run: inTurn(run) });
  const runDir = temporaryProject({});
  const file = async (_url: string, path: string) => writeFileSync(path, "no zip");
  const downloads = { file, container: file };
  const recorded = { runDir, engines: 1, plan: {}, versions: {}, servers: {} };
  return { ended: finishRun({ ...context, downloads }, run, recorded), events, clock, runDir };
};

test("a run that was never executed is not waited for", async () => {
  const { ended, clock } = finish("VALIDATION_FAILURE");
  expect(await ended).toMatchObject({ merged: null, failure: { code: "AZURE_VALIDATION" } });
  expect(clock.ms).toBe(0);
});

test("a failed run leaves its logs, without results", async () => {
  const { ended, runDir } = finish("FAILED", { ...NO_ARTIFACTS, logs: link("logs.zip") });
  expect(await ended).toMatchObject({ merged: null, failure: { code: "AZURE_RUN_FAILED" } });
  expect(existsSync(join(runDir, "azure", "logs.zip"))).toBe(true);
});

test("results that cannot be read are an error of a run that is DONE, and a note of one that was stopped", async () => {
  const artifacts = { ...NO_ARTIFACTS, results: link("results.zip") };
  await expect(finish("DONE", artifacts).ended).rejects.toMatchObject({ code: "AZURE_RESULTS_BROKEN" });
  const { ended, events } = finish("CANCELLED", artifacts);
  expect(await ended).toMatchObject({ failure: { code: "AZURE_RUN_CANCELLED" } });
  expect(events.at(-1)).toMatchObject({ what: "note", text: expect.stringContaining("cannot be read") });
});

test.each([
  ["FAILED", "AZURE_RUN_FAILED", "E1: first; E2: second"],
  ["CANCELLED", "AZURE_RUN_CANCELLED", "E1: first; E2: second"],
  ["VALIDATION_FAILURE", "AZURE_VALIDATION", "E1: first; E2: second"],
])("%s is %s, in the service's words", (status, code, why) => {
  const errors = [
    { code: "E1", message: "first" },
    { code: "E2", message: "second" },
  ];
  expect(runFailure(remoteRun(status, { errors }))).toMatchObject({ code, detail: { why } });
});

test("a run without a reason says so, and one that is DONE or goes on has no failure", () => {
  expect(runFailure(remoteRun("FAILED"))?.detail.why).toBe("FAILED, and Azure gives no reason");
  expect(
    runFailure(remoteRun("FAILED", { errors: [{ code: "E", message: "x".repeat(9_000) }] }))?.detail.why,
  ).toHaveLength(600);
  for (const state of ["DONE", "EXECUTING", "constructor"]) expect(runFailure(remoteRun(state))).toBeNull();
});

test("Azure's verdict is kept, in the words of REST", () => {
  const metric = { clientMetric: "response_time_ms", condition: ">", value: 5, action: "continue" } as const;
  const server = {
    resourceId: "/s",
    metricNamespace: "n",
    metricName: "Cpu",
    aggregation: "Average",
    action: "continue",
    value: 1,
  } as const;
  const run = remoteRun("DONE", {
    testResult: "FAILED",
    passFailCriteria: {
      passFailMetrics: {
        a: { ...metric, aggregate: "p999", requestName: "learn:ping", actualValue: 7, result: "failed" },
        gone: null,
        strange: { ...metric, aggregate: "median" },
      },
      passFailServerMetrics: { b: { ...server, condition: "<" }, strange: { ...server, condition: "Equals" } },
    },
  });
  const open = { actualValue: null, result: "undetermined" };
  const { action: _, ...named } = server;
  const asked = { metric: "response_time_ms", condition: ">", value: 5 };
  expect(azureOutcome(run)).toEqual({
    state: "DONE",
    result: "FAILED",
    client: [
      { ...asked, aggregate: "p99.9", request: "learn:ping", actualValue: 7, result: "failed" },
      { ...asked, aggregate: "median", request: null, ...open },
    ],
    server: [
      { ...named, condition: "LessThan", ...open },
      { ...named, condition: "Equals", ...open },
    ],
  });
  expect(azureOutcome(remoteRun("FAILED"))).toEqual({ state: "FAILED", result: null, client: [], server: [] });
});

test("logs that are no zip do not cost the record", async () => {
  const runDir = temporaryProject({});
  const artifacts = { ...NO_ARTIFACTS, results: link("results.zip"), logs: link("logs.zip") };
  const results = readFileSync(
    await zip({ "engine1_results.csv": csv([{ name: "learn:ping", atMs: 0, elapsedMs: 5 }]) }),
  );
  const file = async (_url: string, path: string) =>
    writeFileSync(path, path.endsWith("logs.zip") ? "PKgarbage" : results);
  const run = remoteRun("DONE", { virtualUsers: 1, artifacts });
  const recorded = { runDir, engines: 1, plan: {}, versions: {}, servers: {} };
  const { merged } = await finishRun(
    { ...scripted({ run: inTurn(run) }).context, downloads: { file, container: file } },
    run,
    recorded,
  );
  expect(merged).toMatchObject({ engines: 1, note: expect.stringContaining("logs.zip cannot be read") });
});

test("what Azure says of a run after it was recorded is noted in its record", async () => {
  const runDir = temporaryProject({});
  const artifacts = { ...NO_ARTIFACTS, results: link("results.zip") };
  const rows = csv([{ name: "learn:ping", atMs: 0, elapsedMs: 5 }]);
  const results = readFileSync(await zip({ "engine1_results.csv": rows }));
  const file = async (_url: string, path: string) => writeFileSync(path, results);
  const recorded = { runDir, engines: 1, plan: {}, versions: {}, servers: {} };
  const finishAs = async (testResult: "FAILED" | null) => {
    const run = remoteRun("DONE", { virtualUsers: 1, artifacts, testResult });
    const { context } = scripted({ run: inTurn(run) });
    await finishRun({ ...context, downloads: { file, container: file } }, run, recorded);
    return readRun(runDir).file.origin?.outcome;
  };
  expect(await finishAs(null)).toMatchObject({ state: "DONE", result: null });
  expect(await finishAs("FAILED")).toMatchObject({ result: "FAILED" });
});

test("a run's id is its moment, its locustfile and four letters, as Azure takes it", () => {
  const now = new Date(2026, 10, 21, 9, 5, 3);
  expect(newTestRunId("locustfiles/Multi.plan.py", now)).toMatch(/^20261121-090503-multi-plan-[a-z2-7]{4}$/);
  expect(newTestRunId(`${"x".repeat(80)}.py`, now)).toMatch(/^[a-z0-9_-]{50}$/);
  expect(newTestRunId("multi.py", now)).not.toBe(newTestRunId("multi.py", now));
});

test("a resource that is unset, missing or not ready is said before anything is sent", async () => {
  const azure = { subscription: "s", resourceGroup: "g", resource: "r" } as Parameters<typeof findResource>[1];
  const look = (loadTest: unknown, settings = azure) =>
    findResource({ loadTest: async () => loadTest as never }, settings, "loadtest.yaml");
  await expect(look(null, { ...azure, resource: undefined })).rejects.toMatchObject({
    code: "AZURE_UNSET",
    detail: { why: "azure lacks resource" },
  });
  await expect(look(null)).rejects.toMatchObject({ code: "AZURE_NOT_FOUND" });
  await expect(look({ provisioningState: "Creating" })).rejects.toBeInstanceOf(AzureError);
  await expect(look({ provisioningState: "Succeeded", name: "r" })).resolves.toMatchObject({ name: "r" });
});

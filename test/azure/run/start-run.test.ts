import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import type { DataPlane, RemoteRun } from "../../../azure/plane/data-plane.ts";
import { readRunPlace, runPlaces } from "../../../azure/run/run-place.ts";
import { startRun } from "../../../azure/run/start-run.ts";
import { stopRun } from "../../../azure/run/stop-run.ts";
import { temporaryProject } from "../../config/temporary-project.ts";
import { inTurn, remoteRun, scripted, unreachable } from "./scripted-plane.ts";

const place = {
  testRunId: "20261121-120000-multi-abcd",
  testId: "nightly",
  resourceId: "/r",
  dataPlaneHost: "h",
  audience: "https://a",
  engines: 2,
  plan: { users: 17, runTime: 60 },
};

const begun = (plane: Partial<DataPlane>, halt?: AbortSignal) => {
  const resultsRoot = temporaryProject({});
  const scene = scripted(plane);
  const start = startRun(scene.context, {
    place,
    displayName: "n",
    resultsRoot,
    ...(halt === undefined ? {} : { halt }),
  });
  return { ...scene, resultsRoot, start };
};

const refused = (status: number): AzureError =>
  new AzureError(status === 429 ? "AZURE_THROTTLED" : "AZURE_FORBIDDEN", { status });
const unreadable = new AzureError("AZURE_INVALID", { status: 200, why: "an answer that is no JSON" });

test("writes down where the run is before it asks for it", async () => {
  const resultsRoot = temporaryProject({});
  let seen: unknown;
  const { context } = scripted({
    startRun: async () => {
      seen = readRunPlace(join(resultsRoot, place.testRunId))?.state;
      return remoteRun("ACCEPTED");
    },
  });
  const started = await startRun(context, { place, displayName: "nightly", resultsRoot });
  expect(seen).toBe("STARTING");
  expect(started).toMatchObject({ state: "ACCEPTED", portalUrl: "https://portal.example/run" });
  expect(runPlaces(resultsRoot)).toEqual([started]);
});

test("asks again with the same id when the answer was lost", async () => {
  const { start, calls } = begun({ startRun: inTurn<RemoteRun>(unreachable(), remoteRun("ACCEPTED")) });
  await start;
  expect(calls).toEqual([`startRun ${place.testRunId}`, `startRun ${place.testRunId}`]);
});

test.each([
  ["refused", 403],
  ["throttled to the end", 429],
])("leaves nothing of a run whose start was %s, and asks no more", async (_how, status) => {
  const { start, resultsRoot, calls } = begun({ startRun: inTurn<RemoteRun>(refused(status)) });
  await expect(start).rejects.toMatchObject({ detail: { status } });
  expect(readdirSync(resultsRoot)).toEqual([]);
  expect(calls.filter((call) => call.startsWith("run "))).toEqual([]);
});

test.each([
  ["lost once and refused then", [unreachable(), refused(403)]],
  ["not to be read", [unreadable]],
])("a run whose start's answer was %s is found when it is there", async (_how, answers) => {
  const run = inTurn<RemoteRun | null>(null, remoteRun("PROVISIONING"));
  const { start, resultsRoot } = begun({ startRun: inTurn<RemoteRun>(...answers), run });
  expect(await start).toMatchObject({ state: "PROVISIONING" });
  expect(runPlaces(resultsRoot)).toMatchObject([{ state: "PROVISIONING" }]);
});

test("in doubt it is gone only when Azure has not seen it for some seconds", async () => {
  const { start, resultsRoot, clock } = begun({ startRun: inTurn<RemoteRun>(unreadable), run: async () => null });
  await expect(start).rejects.toBe(unreadable);
  expect(readdirSync(resultsRoot)).toEqual([]);
  expect(clock.ms).toBe(10_000);
});

test.each([
  ["lost", [unreachable()]],
  ["not to be read", [unreadable]],
])("keeps the place of a run when the answer to its start was %s and nobody can look", async (_how, answers) => {
  const { start, resultsRoot, events } = begun({
    startRun: inTurn<RemoteRun>(...answers),
    run: () => Promise.reject(unreachable()),
  });
  await expect(start).rejects.toBe(answers.at(-1));
  expect(runPlaces(resultsRoot)).toMatchObject([{ state: "STARTING" }]);
  expect(events.at(-1)).toEqual({ what: "start-unknown", testRunId: place.testRunId });
});

test("halted while Azure asks to wait: no run, and nothing is left of it", async () => {
  const halt = new AbortController();
  const { start, resultsRoot, calls } = begun(
    {
      startRun: async () => {
        halt.abort();
        throw refused(429);
      },
    },
    halt.signal,
  );
  expect(await start).toBeNull();
  expect(calls).toHaveLength(1);
  expect(readdirSync(resultsRoot)).toEqual([]);
});

test("halted while an attempt is under way: what it has started is told", async () => {
  const halt = new AbortController();
  const { start } = begun(
    {
      startRun: async () => {
        halt.abort();
        return remoteRun("ACCEPTED");
      },
    },
    halt.signal,
  );
  expect(await start).toMatchObject({ state: "ACCEPTED" });
});

test("a run that is stopped before it can be seen is stopped when it appears", async () => {
  const missing = new AzureError("AZURE_NOT_FOUND", { status: 404 });
  const late = scripted({ stopRun: inTurn<undefined>(missing, missing, undefined) });
  await stopRun(late.context, "r1");
  expect(late.calls).toHaveLength(3);
  const never = scripted({ stopRun: () => Promise.reject(missing) });
  await expect(stopRun(never.context, "r1")).rejects.toBe(missing);
  expect(never.clock.ms).toBe(10_000);
});

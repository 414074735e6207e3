import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AzureError } from "../../../azure/azure-error.ts";
import type { DataPlane, RemoteTest } from "../../../azure/plane/data-plane.ts";
import { runPlaces } from "../../../azure/run/run-place.ts";
import { type Preparation, prepareTest } from "../../../azure/run/submit.ts";
import type { TestPatches } from "../../../azure/run/update-test.ts";
import { temporaryProject } from "../../config/temporary-project.ts";
import { inTurn, remoteTest, scripted as scriptedPlane, testFile } from "./scripted-plane.ts";

const NOTHING: TestPatches = { test: () => null, appComponents: () => null, serverMetrics: () => null };
const SCRIPT = { name: "multi.py", kind: "TEST_SCRIPT", bytes: 6 } as const;
const THERE = remoteTest({ files: [testFile("multi.py", { fileType: "TEST_SCRIPT" })] });

const preparation = (patches: Partial<TestPatches> = {}): Preparation => {
  const folder = temporaryProject({ "multi.py": "script" });
  return {
    testId: "nightly",
    resourceId: "/r",
    patches: { ...NOTHING, ...patches },
    folder,
    files: [SCRIPT],
    noteFile: join(folder, ".uploaded.json"),
  };
};

const planeWith = (before: RemoteTest | null, more: Partial<DataPlane> = {}): Partial<DataPlane> => ({
  test: inTurn<RemoteTest | null>(before, THERE),
  patchTest: async () => THERE,
  appComponents: async () => null,
  serverMetrics: async () => null,
  putFile: async () => testFile("multi.py"),
  deleteFile: async () => undefined,
  files: async () => THERE.files,
  ...more,
});

/** What Azure's file holds, when somebody looks. */
const scripted = (plane: Partial<DataPlane>, content = "script") => {
  const scene = scriptedPlane(plane);
  const downloads = {
    file: async (_link: string, path: string) => writeFileSync(path, content),
    container: () => Promise.reject(new Error("was not expected")),
  };
  return { ...scene, context: { ...scene.context, downloads } };
};

const LATER = "2026-11-21T09:00:00Z";
const LINKED = testFile("multi.py", { fileType: "TEST_SCRIPT", link: "https://blob.example/multi.py" });

describe("prepareTest", () => {
  test("creates a test that is not there", async () => {
    const { context, events, calls } = scripted(planeWith(null));
    await prepareTest(context, preparation({ test: () => ({ kind: "Locust" }) }));
    expect(events[0]).toEqual({ what: "test", testId: "nightly", change: "created" });
    expect(calls).toContain("patchTest nightly");
  });

  test("changes nothing of a test that is as it should be, and sends nothing twice", async () => {
    const given = preparation();
    await prepareTest(scripted(planeWith(THERE)).context, given);
    const { context, events, calls } = scripted(planeWith(THERE));
    await prepareTest(context, given);
    expect(events[0]).toMatchObject({ change: "unchanged" });
    expect(calls.filter((call) => /^(patch|put|delete)/.test(call))).toEqual([]);
  });

  test("sends the files again when somebody else has changed the test since", async () => {
    const given = preparation();
    await prepareTest(scripted(planeWith(THERE)).context, given);
    const { context, calls } = scripted(planeWith({ ...THERE, lastModifiedDateTime: "2026-11-21T09:00:00Z" }));
    await prepareTest(context, given);
    expect(calls).toContain("putFile nightly");
  });

  test.each([
    ["another checkout's script", { lastModifiedDateTime: LATER, files: [LINKED] }, "the other's script"],
    ["a script that nobody can look at", { lastModifiedDateTime: LATER }, "script"],
    ["another file", { files: [...THERE.files, testFile("theirs.csv")] }, "script"],
    ["no file any more", { files: [] }, "script"],
  ])("starts nothing with %s in the place of ours", async (_what, change, content) => {
    const given = preparation();
    const tests = inTurn<RemoteTest | null>(null, THERE, { ...THERE, ...change });
    const { context } = scripted(planeWith(null, { test: tests }), content);
    await expect(prepareTest(context, given)).rejects.toMatchObject({ code: "AZURE_CONFLICT" });
    expect(existsSync(given.noteFile)).toBe(false);
  });

  test("a date that the service has changed by itself is none of somebody else's", async () => {
    const tests = inTurn<RemoteTest | null>(null, THERE, { ...THERE, lastModifiedDateTime: LATER, files: [LINKED] });
    const { context } = scripted(planeWith(null, { test: tests }));
    const given = preparation();
    await prepareTest(context, given);
    expect(existsSync(given.noteFile)).toBe(true);
  });

  test("remembers nothing of an upload that did not end", async () => {
    const given = preparation();
    const refused = new AzureError("AZURE_REFUSED");
    const { context } = scripted(planeWith(THERE, { putFile: () => Promise.reject(refused) }));
    await expect(prepareTest(context, given)).rejects.toBe(refused);
    expect(existsSync(given.noteFile)).toBe(false);
  });

  test("changes app components and server metrics only where they differ", async () => {
    const patched: string[] = [];
    const { context, events } = scripted(
      planeWith(THERE, { patchServerMetrics: async () => void patched.push("metrics") }),
    );
    await prepareTest(context, preparation({ serverMetrics: () => ({ metrics: { old: null } }) }));
    expect(patched).toEqual(["metrics"]);
    expect(events[0]).toMatchObject({ change: "updated" });
  });

  test("waits while somebody else changes the test", async () => {
    const busy = new AzureError("AZURE_CONFLICT", { status: 409 });
    const { context, events } = scripted(planeWith(null, { patchTest: inTurn<RemoteTest>(busy, THERE) }));
    await prepareTest(context, preparation());
    expect(events[0]).toMatchObject({ what: "retry", error: busy });
  });

  test("a conflict that stays is an error after five minutes", async () => {
    const busy = new AzureError("AZURE_CONFLICT", { why: "HTTP 409" });
    const { context, clock } = scripted(planeWith(null, { patchTest: () => Promise.reject(busy) }));
    await expect(prepareTest(context, preparation())).rejects.toBe(busy);
    expect(clock.ms).toBe(300_000);
  });
});

test("a place that was damaged is no place", () => {
  const root = temporaryProject({ "a/azure.json": "{", "b/azure.json": '{"version":2}', "c/other.json": "{}" });
  expect(runPlaces(root)).toEqual([]);
  expect(runPlaces(join(root, "nowhere"))).toEqual([]);
});

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
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
const LINKED = testFile("multi.py", { fileType: "TEST_SCRIPT", link: "https://blob.example/multi.py" });
const UNLINKED = testFile("multi.py", { fileType: "TEST_SCRIPT" });
const THERE = remoteTest({ files: [LINKED] });

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

/** @param look what Azure's file holds when somebody looks at it by this link */
const scripted = (plane: Partial<DataPlane>, look: (link: string) => string = () => "script") => {
  const scene = scriptedPlane(plane);
  const looks: string[] = [];
  const downloads = {
    file: async (link: string, path: string) => {
      looks.push(link);
      writeFileSync(path, look(link));
    },
    container: () => Promise.reject(new Error("was not expected")),
  };
  return { ...scene, looks, context: { ...scene.context, downloads } };
};

const LATER = "2026-11-21T09:00:00Z";

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
    const { context, events, calls, looks } = scripted(planeWith(THERE));
    await prepareTest(context, given);
    expect(events[0]).toMatchObject({ change: "unchanged" });
    expect(looks).toEqual([]);
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
    ["another checkout's script", {}, "the other's script"],
    ["another file", { files: [LINKED, testFile("theirs.csv")] }, "script"],
    ["no file any more", { files: [] }, "script"],
  ])("starts nothing with %s in the place of ours", async (_what, change, content) => {
    const given = preparation();
    const tests = inTurn<RemoteTest | null>(null, { ...THERE, ...change });
    const { context } = scripted(planeWith(null, { test: tests }), () => content);
    await expect(prepareTest(context, given)).rejects.toMatchObject({ code: "AZURE_CONFLICT" });
    expect(existsSync(given.noteFile)).toBe(false);
  });

  test("sees what another checkout sends between our own files", async () => {
    const given = preparation();
    writeFileSync(join(given.folder, "data.csv"), "ours");
    const data = testFile("data.csv", { link: "https://blob.example/data.csv" });
    const files = [SCRIPT, { name: "data.csv", kind: "ADDITIONAL_ARTIFACTS", bytes: 4 }] as const;
    const held: Record<string, string> = {};
    const putFile: DataPlane["putFile"] = async (_testId, { name, path }) => {
      // Data goes first: the other's is there before our script is, and no date is left to tell of it.
      held[name] = name === "data.csv" ? "theirs" : readFileSync(path, "utf8");
      return testFile(name);
    };
    const remote = { ...THERE, files: [LINKED, data] };
    const plane = planeWith(null, {
      test: inTurn<RemoteTest | null>(null, remote),
      files: async () => remote.files,
      putFile,
    });
    const { context } = scripted(plane, (link) => held[basename(link)] ?? "");
    await expect(prepareTest(context, { ...given, files })).rejects.toMatchObject({
      code: "AZURE_CONFLICT",
      sentence: expect.stringContaining("somebody else has changed data.csv"),
    });
    expect(existsSync(given.noteFile)).toBe(false);
  });

  test("looks again when the test was changed while it was looked at", async () => {
    const later = { ...THERE, lastModifiedDateTime: LATER };
    const { context, looks } = scripted(planeWith(null, { test: inTurn<RemoteTest | null>(null, THERE, later) }));
    const given = preparation();
    await prepareTest(context, given);
    expect(looks).toHaveLength(2);
    expect(JSON.parse(readFileSync(given.noteFile, "utf8"))).toMatchObject({ lastModifiedDateTime: LATER });
  });

  test("gives up on a test that somebody goes on changing", async () => {
    let changes = 0;
    const changing = async () => ({ ...THERE, lastModifiedDateTime: `2026-11-21T09:00:0${changes++}Z` });
    const { context, looks } = scripted(planeWith(null, { test: changing }));
    await expect(prepareTest(context, preparation())).rejects.toMatchObject({ code: "AZURE_CONFLICT" });
    expect(looks).toHaveLength(3);
  });

  test("a link that has run out is asked for again", async () => {
    const fresh = { ...THERE, files: [{ ...LINKED, link: "https://blob.example/fresh" }] };
    const plane = planeWith(null, { test: inTurn<RemoteTest | null>(null, THERE, fresh) });
    const { context, looks } = scripted(plane, (link) => {
      if (link === LINKED.link) throw new AzureError("AZURE_LINK_EXPIRED");
      return "script";
    });
    const given = preparation();
    await prepareTest(context, given);
    expect(looks).toEqual([LINKED.link, "https://blob.example/fresh"]);
    expect(existsSync(given.noteFile)).toBe(true);
  });

  test.each([
    ["that cannot be downloaded", LINKED, "AZURE_UNREACHABLE"],
    ["without a link", UNLINKED, "AZURE_INVALID"],
  ])("accuses nobody of a file %s", async (_what, file, code) => {
    const given = preparation();
    const { context } = scripted(
      planeWith(null, { test: inTurn<RemoteTest | null>(null, { ...THERE, files: [file] }) }),
      () => {
        throw new AzureError("AZURE_UNREACHABLE", { place: "scratch", why: "HTTP 503" });
      },
    );
    await expect(prepareTest(context, given)).rejects.toMatchObject({
      code,
      sentence: expect.stringMatching(/: multi\.py of test nightly \(it could not be looked at before the start/),
    });
    expect(existsSync(given.noteFile)).toBe(false);
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

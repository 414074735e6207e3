import { utimesSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { RunPlace } from "../../azure/run/run-place.ts";
import { resultsRoot } from "../../bridge/mode/make-bridge.ts";
import { resultsFolder, runFolder } from "../../cli/run-folder.ts";
import { temporaryProject } from "../config/temporary-project.ts";

const record = (startedAt: string): string => JSON.stringify({ startedAt });

const place = (testRunId: string, values: Partial<RunPlace>): string =>
  JSON.stringify({
    version: 1,
    testRunId,
    testId: "nightly",
    resourceId: "/r",
    dataPlaneHost: "host.example",
    audience: "https://cnt-prod.loadtesting.azure.com",
    engines: 1,
    plan: {},
    isForeign: false,
    submittedAt: "2026-11-21T09:00:00Z",
    portalUrl: null,
    state: "DONE",
    ...values,
  } satisfies RunPlace);

const newestOf = (files: Record<string, string>): string => basename(runFolder(undefined, temporaryProject(files)));

describe("without a name, the run that started last is meant", () => {
  const OLD = { "nightly-1/run.json": record("2026-11-01T09:00:00Z") };
  test.each([
    ["a record", { "20261121-090000-multi-abcd/run.json": record("2026-11-21T09:00:00Z") }],
    ["parts that nobody has merged", { "20261121-090000-multi/parts/w/run.json": record("2026-11-21T09:00:00Z") }],
    ["a run at Azure that left no record", { "20261121-090000-x/azure.json": place("20261121-090000-x", {}) }],
  ])("%s, whatever the names are", (_what, files) => {
    expect(newestOf({ ...OLD, ...files })).toBe(Object.keys(files)[0]?.split("/")[0]);
  });

  test("of a broken record, by when its folder was last touched", () => {
    const results = temporaryProject({ ...OLD, "broken/run.json": "{" });
    expect(basename(runFolder(undefined, results))).toBe("broken");
    utimesSync(join(results, "broken"), 0, 0);
    expect(basename(runFolder(undefined, results))).toBe("nightly-1");
  });

  test("and never one that was submitted elsewhere, which its id still finds", () => {
    const results = temporaryProject({
      ...OLD,
      "theirs/azure.json": place("theirs", { isForeign: true }),
      "theirs/run.json": record("2026-11-21T09:00:00Z"),
    });
    expect(basename(runFolder(undefined, results))).toBe("nightly-1");
    expect(runFolder("theirs", results)).toBe(join(results, "theirs"));
  });
});

test("an empty variable names no folder: a prune of the working folder would be the price", () => {
  vi.stubEnv("SWARMBRIDGE_RESULTS", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect([resultsFolder(process.env), resultsRoot()]).toEqual([resolve("results"), resolve("results")]);
});

test("what a prune could not finish is never the newest run", () => {
  const files = {
    "r1/run.json": record("2026-11-01T09:00:00Z"),
    ".swarmbridge-pruned-0badcafe/run.json": record("2026-11-02T09:00:00Z"),
  };
  expect(newestOf(files)).toBe("r1");
});

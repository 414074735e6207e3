import { expect, test } from "vitest";
import { runStartMs } from "../../record/run-start.ts";
import { temporaryProject } from "../config/temporary-project.ts";

const at = (startedAt: string): string => JSON.stringify({ startedAt });
const [EARLY, LATE] = ["2026-11-21T09:00:00Z", "2026-11-21T10:00:00.5Z"];

test.each([
  ["a record tells it itself", { "run.json": at(LATE), "parts/a/run.json": at(EARLY) }, LATE],
  ["of parts the earliest tells it", { "parts/a/run.json": at(LATE), "parts/b/run.json": at(EARLY) }, EARLY],
  ["a broken record leaves it to the parts", { "run.json": "{", "parts/a/run.json": at(LATE) }, LATE],
])("%s", (_what, files, startedAt) => {
  expect(runStartMs(temporaryProject(files))).toBe(Date.parse(startedAt));
});

test.each([
  ["of no run", { "a-file": "" }],
  ["of a run with a broken record", { "run.json": at("yesterday"), "parts/a-file": "" }],
])("a folder %s tells no start", (_what, files) => {
  expect(runStartMs(temporaryProject(files))).toBeNull();
});

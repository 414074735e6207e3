import { expect, test } from "vitest";
import { documentOf } from "../../report/document-of.ts";
import { many, writtenRun } from "../record/written-run.ts";
import { contextFor, textOf } from "./said.ts";

test("a run whose clock was set back has no negative length", () => {
  const run = writtenRun(many(3, {}));
  const file = { ...run.file, endedAt: "2026-01-01T00:00:00.000Z" };
  expect(textOf(documentOf(contextFor({ ...run, file })).subtitle)).toMatch(/ UTC, 1\.0 s, /);
});

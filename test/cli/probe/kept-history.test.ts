import { mkdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandError } from "../../../cli/command-error.ts";
import { readHistory } from "../../../cli/probe/history-file.ts";
import { KeptHistory } from "../../../cli/probe/kept-history.ts";
import { history } from "../../capacity/probe/probes.ts";
import { temporaryProject } from "../../config/temporary-project.ts";

const [first, second, third] = history({ count: 3, ms: () => 40 });
if (first === undefined || second === undefined || third === undefined) throw new Error("three were made");

test("a probe that cannot be written is told of, and written with the next one", () => {
  const path = join(temporaryProject({}), "learn.jsonl");
  const kept = new KeptHistory(path);
  expect(kept.keep(first)).toBeNull();
  renameSync(path, `${path}.away`);
  mkdirSync(path); // Nobody can append to a folder, not even root.
  expect(kept.keep(second)).toMatch(/cannot be written/);
  expect(kept.waiting).toBe(1);
  rmdirSync(path);
  renameSync(`${path}.away`, path);
  expect(kept.keep(third)).toBeNull();
  expect(readHistory(path).probes).toEqual([first, second, third]);
  expect(kept.waiting).toBe(0);
});

test("a place where not even the first can be written is refused", () => {
  const path = join(temporaryProject({ "a-file": "" }), "a-file", "learn.jsonl");
  expect(() => new KeptHistory(path).keep(first)).toThrow(CommandError);
});

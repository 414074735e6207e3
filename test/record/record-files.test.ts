import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "../../record/record-files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "record-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a folder is made with all that leads to it, for this user alone, and a second time changes nothing", () => {
  const deep = join(folder, "a", "b", "c");
  makeFolder(deep);
  makeFolder(deep);
  expect(statSync(deep).mode & 0o777).toBe(0o700);
});

test("a file in the way is refused", () => {
  writeFileSync(join(folder, "a"), "");
  expect(() => makeFolder(join(folder, "a"))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(folder, "a", "b"))).toThrow(/EEXIST|ENOTDIR/);
});

// Node's recursive mkdir does not return from there.
test.runIf(existsSync("/proc/self"))("a place where the system makes no folder is refused, at once", () => {
  expect(() => makeFolder("/proc/no-such-folder/results")).toThrow(/ENOENT/);
});

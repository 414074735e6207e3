import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hasRecord, watchForRun, watchRun } from "../../scripts/run-progress.mjs";

let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), "results-"));
});
afterEach(() => rmSync(results, { recursive: true }));

const write = (path: string, usersPeak: number): void => {
  mkdirSync(join(results, path), { recursive: true });
  const operations = { "learn:ping": { count: 4, failures: 1 }, "github:ping": { count: 2, failures: 0 } };
  writeFileSync(join(results, path, "run.json"), JSON.stringify({ operations, generator: { usersPeak } }));
};

test("a record that was there before is not the run", () => {
  write("20260101-000000-multi", 5);
  const look = watchRun(results);
  expect(look()).toBeNull();
  write("20260101-000001-multi", 17);
  expect(look()).toEqual({ users: 17, calls: 6, failures: 1 });
});

test("the run is the folder that came after the watch began, and it has a record once there is a head", () => {
  write("20260101-000000-multi", 5);
  const newRun = watchForRun(results);
  expect(newRun()).toBeNull();
  mkdirSync(join(results, "20260101-000001-multi"));
  const run = newRun() ?? "";
  expect([run, hasRecord(run)]).toEqual([join(results, "20260101-000001-multi"), false]);
  write("20260101-000001-multi", 17);
  expect(hasRecord(run)).toBe(true);
});

test("parts that a killed run has not merged are a record to judge", () => {
  const run = join(results, "20260101-000000-multi");
  mkdirSync(join(run, "parts", "worker-0"), { recursive: true });
  expect(hasRecord(run)).toBe(false);
  write("20260101-000000-multi/parts/worker-1", 8);
  expect(hasRecord(run)).toBe(true);
});

test("the parts of a run of several processes add up", () => {
  const look = watchRun(results);
  write("20260101-000000-multi/parts/worker-0", 8);
  write("20260101-000000-multi/parts/worker-1", 9);
  expect(look()).toEqual({ users: 17, calls: 12, failures: 2 });
});

test("a record that is being written is not there yet", () => {
  const look = watchRun(results);
  mkdirSync(join(results, "20260101-000000-multi"));
  expect(look()).toBeNull();
  writeFileSync(join(results, "20260101-000000-multi", "run.json"), '{"operations":');
  expect(look()).toBeNull();
});

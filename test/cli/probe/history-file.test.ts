import { appendFileSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandError } from "../../../cli/command-error.ts";
import { appendHistory, historyPath, readHistory } from "../../../cli/probe/history-file.ts";
import { history, START_MS } from "../../capacity/probe/probes.ts";
import { temporaryProject } from "../../config/temporary-project.ts";

const probes = history({ count: 4, ms: (index) => index + 1 });

test("lines that were added come back in order of time, and only their owner reads the file", () => {
  const path = join(temporaryProject({}), "results", "probe", "learn.jsonl");
  appendHistory(path, probes.slice(2));
  appendHistory(path, probes.slice(0, 2));
  expect(readHistory(path)).toEqual({ probes, broken: 0, future: 0 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a line that a killed process tore is skipped, counted, and not continued by the next", () => {
  const path = join(temporaryProject({}), "learn.jsonl");
  appendHistory(path, probes.slice(0, 1));
  appendFileSync(path, '{"at":"2026-03-01T10:0');
  expect(readHistory(path)).toEqual({ probes: probes.slice(0, 1), broken: 1, future: 0 });
  appendHistory(path, probes.slice(1));
  expect(readHistory(path)).toEqual({ probes, broken: 1, future: 0 });
});

test("a probe in the future is left out and counted, but for a minute by which clocks may differ", () => {
  const path = join(temporaryProject({}), "learn.jsonl");
  appendHistory(path, probes);
  expect(readHistory(path, START_MS + 60_000)).toEqual({ probes: probes.slice(0, 3), broken: 0, future: 1 });
});

test("a file that has grown too large loses its older half, by whole lines", () => {
  const path = join(temporaryProject({}), "learn.jsonl");
  appendHistory(path, history({ count: 1_000, ms: () => 40 }));
  const bytes = readFileSync(path).length;
  appendHistory(path, probes.slice(0, 1), bytes - 1);
  const { probes: kept, broken } = readHistory(path);
  expect(broken).toBe(0);
  expect(kept.length).toBeGreaterThan(490);
  expect(kept.length).toBeLessThan(510);
  expect(kept.at(-1)?.atMs).toBe(START_MS + 999 * 60_000);
});

test("what goes of a large file is older by its time, wherever an import has put it", () => {
  const path = join(temporaryProject({}), "learn.jsonl");
  appendHistory(path, history({ count: 500, ms: () => 40 }));
  appendHistory(path, history({ count: 500, fromMs: START_MS - 500 * 60_000, ms: () => 60 }));
  appendHistory(path, [{ atMs: START_MS + 500 * 60_000, isOk: true, initializeMs: 40 }], 1);
  const { probes: kept, broken } = readHistory(path);
  expect(broken).toBe(0);
  expect(kept).toEqual(history({ count: 501, ms: () => 40 }));
});

test("a file that is larger than a history gets is refused before it is read, and left as it is", () => {
  const path = join(temporaryProject({ "learn.jsonl": "" }), "learn.jsonl");
  truncateSync(path, 200 * 1024 * 1024);
  expect(() => appendHistory(path, probes)).toThrow("larger than a history gets");
  expect(() => readHistory(path)).toThrow("larger than a history gets");
  expect(statSync(path).size).toBe(200 * 1024 * 1024);
});

test("a history that is not there is said with what makes one", () => {
  expect(() => readHistory(join(temporaryProject({}), "none.jsonl"))).toThrow(CommandError);
});

test("a history that cannot be written is said", () => {
  const folder = temporaryProject({ "a-file": "" });
  expect(() => appendHistory(join(folder, "a-file", "learn.jsonl"), probes)).toThrow(/cannot be written/);
});

test("it lies with the results, unless it is named", () => {
  expect(historyPath(undefined, "/r", "learn")).toBe("/r/probe/learn.jsonl");
  expect(historyPath("/else/where.jsonl", "/r", "learn")).toBe("/else/where.jsonl");
});

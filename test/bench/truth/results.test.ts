/** From measurements to the text that people read: rows, table, complaints, and its place in the docs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { TruthMeasurement } from "../../../bench/truth/measure.ts";
import { complaintsAbout, resultsText } from "../../../bench/truth/results-text.ts";
import { latestResults, putIntoDocs, save } from "../../../bench/truth/saved-results.ts";
import { rowsOf } from "../../../bench/truth/truth-rows.ts";

const measured = (changes: Partial<TruthMeasurement> = {}): TruthMeasurement => ({
  cell: { kind: "json", users: 50, load: "light", contender: "swarmbridge" },
  calls: 1500,
  callsPerSecond: 250,
  truth: { p50Ms: 50, p95Ms: 52, p99Ms: 60 },
  reported: { p50Ms: 50.5, p95Ms: 52.5, p99Ms: 61 },
  table: null,
  perCall: { p50Ms: 0.2, p99Ms: 0.9 },
  sendP99Ms: 0.06,
  bounds: { writeMs: 0.04, readLateMs: 0.5 },
  failures: 0,
  clockSetMs: 0,
  idle: 0.5,
  ours: { harnessDelay: { beforeMs: 1, afterMs: 2 }, verdict: { level: "ok", reasons: [] } },
  standing: "within",
  fault: null,
  ...changes,
});

const results = (measurements: readonly TruthMeasurement[]) => ({
  version: 1 as const,
  startedAt: "2026-11-21T10:00:00.000Z",
  commit: "abc1234",
  machine: {
    cpu: "a CPU",
    cores: 2,
    system: "Linux",
    node: "24.0.0",
    python: "3.11.7",
    locust: "2.47.0",
    pinning: null,
    loadBefore: 0,
  },
  options: { runs: 1, windowMs: 6000, isFull: false, users: null, kinds: null, contenders: null },
  planned: measurements.length,
  stamps: "kernel" as const,
  measurements,
});

test("runs of a cell become one row: medians of how far they were off, the worst of what they were", () => {
  const runs = [1, 3, 2].map((offMs) => measured({ reported: { p50Ms: 50 + offMs, p95Ms: 52, p99Ms: 60 } }));
  const [row, ...others] = rowsOf([...runs, measured({ standing: "MISSED" })]);
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    off: { p50Ms: 1.5, p95Ms: 0, p99Ms: 0 },
    standing: "MISSED",
    verdicts: Array(4).fill("ok"),
  });
});

test("the table says the truth, by how much a report is off it, and how idle the machine was", () => {
  const text = resultsText(results([measured()]));
  const row = text.split("\n").find((line) => line.includes("| swarmbridge"));
  expect(row?.split("|").map((cell) => cell.trim())).toEqual(
    expect.arrayContaining([
      "json",
      "50",
      "250",
      "50 %",
      "50.0",
      "+0.5 (+1 %)",
      "60.0",
      "+1.0 (+2 %)",
      "1.0 + 2.0",
      "ok",
      "within",
    ]),
  );
  expect(text).toContain("2026-11-21, commit `abc1234`: one run of 6 s a cell. a CPU, 2 cores");
});

test("the text below says how sure the truth is, and which of our stamps is off", () => {
  const text = resultsText(results([measured()]));
  expect(text).toContain("read it at most 0.50 ms later");
  expect(text).toContain("took at most 0.04 ms");
  expect(text).toContain("off by 0.90 ms (p99 of the median cell); 0.06 ms of sending");
});

test("a freeze on purpose is not said to be a server that reads late", () => {
  const cell = { kind: "freeze", users: 50, load: "light", contender: "swarmbridge" } as const;
  const frozen = measured({ cell, bounds: { writeMs: 0.04, readLateMs: 990 } });
  expect(resultsText(results([measured(), frozen]))).toContain("read it at most 0.50 ms later");
});

test("a promise that was broken is complained about, a peer's error is not", () => {
  const peer = { kind: "json", users: 50, load: "light", contender: "fast" } as const;
  expect(complaintsAbout([measured(), measured({ cell: peer, standing: "off", ours: null })])).toEqual([]);
  expect(complaintsAbout([measured({ standing: "MISSED" })])).toEqual([
    "swarmbridge at json, 50 users, light load: off by more than the goal, and the verdict on the generator was ok",
  ]);
});

test("a peer whose calls are not the server's is a row of its own kind, and complained about", () => {
  const peer = { kind: "json", users: 50, load: "light", contender: "fast" } as const;
  const one = measured({ cell: peer, standing: "unjudged", fault: "3 calls reported, 4 answered", ours: null });
  expect(resultsText(results([one]))).toContain("| unjudged");
  expect(complaintsAbout([one])).toEqual(["FastHttpUser at json, 50 users, light load: 3 calls reported, 4 answered"]);
});

test("the text says how many good reports were called doubtful on an idle machine", () => {
  const wolf = { harnessDelay: { beforeMs: 1, afterMs: 2 }, verdict: { level: "strained" as const, reasons: [] } };
  expect(resultsText(results([measured(), measured({ ours: wolf })]))).toContain(
    "Within the goal were 2 reports of swarmbridge; called strained or saturated among them although a quarter of the machine was idle: 1.",
  );
});

test("the docs get the newest whole comparison, never a choice of cells or one that ended early", () => {
  const folder = mkdtempSync(join(tmpdir(), "truth-results-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(() => latestResults(folder)).toThrow(expect.objectContaining({ code: "OPTION_WRONG" }));
  const whole = results([measured()]);
  const at = (hour: number) => ({ ...whole, startedAt: `2026-11-21T${hour}:00:00.000Z` });
  save(at(10), folder);
  save(at(11), folder);
  save({ ...at(12), planned: 2 }, folder);
  save({ ...at(13), options: { ...whole.options, users: [200] } }, folder);
  expect(latestResults(folder).startedAt).toBe(at(11).startedAt);
});

test("a clock that was set, and calls that failed, are complained about", () => {
  expect(complaintsAbout([measured({ clockSetMs: 3, failures: 2 })])).toEqual([
    "swarmbridge at json, 50 users, light load: the machine's clock was set by 3.0 ms",
    "swarmbridge at json, 50 users, light load: 2 calls failed",
  ]);
});

const pageWith = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "truth-docs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "page.md");
  writeFileSync(file, text);
  return file;
};

test("the table replaces what stands between its marks, and nothing else", () => {
  const file = pageWith("before\n<!-- bench:truth -->\nold\n<!-- /bench:truth -->\nafter\n");
  putIntoDocs("new", file);
  expect(readFileSync(file, "utf8")).toBe("before\n<!-- bench:truth -->\n\nnew\n\n<!-- /bench:truth -->\nafter\n");
});

test("a page without the marks is left alone", () => {
  expect(() => putIntoDocs("new", pageWith("before\n"))).toThrow(expect.objectContaining({ code: "OPTION_WRONG" }));
});

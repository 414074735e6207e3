import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { FORMAT_NAMES } from "../../../cli/export-command.ts";
import type { Sample } from "../../../record/sample.ts";
import { FORMATS, type FormatName } from "../../../report/format/formats.ts";
import { SEARCH, sample } from "../../record/samples.ts";
import { exported, HOSTILE } from "./exported-runs.ts";

const EVERYTHING = { names: [], outcomes: [], kinds: [] };
const many = (count: number, fields: Partial<Sample> = {}): Sample[] =>
  Array.from({ length: count }, () => sample(fields));
const textOf = (format: FormatName, ...run: Parameters<typeof exported>): string =>
  [...FORMATS[format](exported(...run), EVERYTHING)].join("");
const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true, record_delimiter: "\r\n" });

const MIXED = [
  ...many(300, { serviceMs: 20 }),
  ...many(3, { outcome: "timeout", serviceMs: 900 }),
  ...many(1, { outcome: "tool-error", serviceMs: 30 }),
  ...many(2, { name: "learn:initialize", serviceMs: 44 }),
  ...many(1, { name: "learn:turn:ask", serviceMs: 500 }),
];

test("the names that can be typed are the formats that there are", () => {
  expect(FORMAT_NAMES).toEqual(Object.keys(FORMATS));
});

test("CSV has a row for each name of each section, and an empty cell for what was not measured", () => {
  const rows = rowsOf(textOf("csv", MIXED));
  expect(rows.map(({ section, name }) => [section, name])).toEqual([
    ["operations", SEARCH],
    ["operations", "learn:initialize"],
    ["turns", "learn:turn:ask"],
  ]);
  const [search, initialize] = rows;
  expect(search).toMatchObject({
    count: "304",
    failures: "4",
    reasons: "timeout:3 tool-error:1",
    service_count: "300",
    connect_p50_ms: "",
  });
  expect(Number(search?.service_p99_ms)).toBeCloseTo(20, 0);
  expect(Number(search?.service_p95_low_ms)).toBeLessThanOrEqual(Number(search?.service_p95_ms));
  expect(Number(search?.error_percent)).toBeCloseTo((100 * 4) / 304);
  // Two calls: nobody knows how far up a p99 may lie.
  expect(initialize?.service_p99_high_ms).toBe("");
});

test("the timeline as CSV counts every operation in a second, and a reading once in each row of it", () => {
  const rows = rowsOf(textOf("csv-timeline", MIXED));
  const sum = rows.filter(({ name }) => !name?.includes("turn:")).reduce((all, { count }) => all + Number(count), 0);
  expect(sum).toBe(306);
  expect(rows[0]?.time).toMatch(/^2026-03-01T10:00:0\d\.000Z$/);
  expect(rows.some(({ users }) => users === "4")).toBe(true);
});

test("JSON has the four series that a dashboard asks for, over all outcomes", () => {
  const { series, totals, names } = JSON.parse(textOf("json", MIXED));
  expect(totals).toMatchObject({ operations: 306, failures: 4 });
  expect(series.errorRate).toBeCloseTo(4 / 306);
  expect(series.toolCallLatencyMs).toMatchObject({ count: 304, maxMs: 900 });
  expect(series.requestDurationMs.count).toBe(306);
  // A tool that says no was answered all the same; a time limit was not.
  expect(series.checks).toEqual({ passed: 303, failed: 3, ratio: 303 / 306 });
  expect(names).toContainEqual(
    expect.objectContaining({ name: SEARCH, outcomes: { ok: 300, timeout: 3, "tool-error": 1 } }),
  );
});

test("a run without any operation has no rates, and no format fails on it", () => {
  const { series } = JSON.parse(textOf("json", []));
  expect(series).toEqual({
    errorRate: null,
    toolCallLatencyMs: null,
    requestDurationMs: null,
    checks: { passed: 0, failed: 0, ratio: null },
  });
  for (const format of FORMAT_NAMES) expect(textOf(format, [])).toMatch(/\n$/);
});

test("JSON lines are one object each, in the order of time, and end with the verdict", () => {
  const lines = textOf("jsonl", MIXED)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ type: "run", version: 1, plan: { users: 4 } });
  expect(lines.at(-1)).toMatchObject({
    type: "verdict",
    operations: 306,
    failures: 4,
    generator: { level: "unknown" },
  });
  const times = lines.map(({ time }) => Date.parse(time));
  expect(times.slice(1)).toEqual(times.slice(1).toSorted((a, b) => a - b));
});

test("a gap stands in JSON lines where it was, between its seconds", () => {
  const run = exported([...many(1, { endMs: 500 }), ...many(1, { endMs: 5500 })]);
  const at = new Date(Date.parse(run.record.file.startedAt) + 2500).toISOString();
  const gap = { at, cause: "bridge-lost", lostLatencies: 1 } as const;
  const record = { ...run.record, file: { ...run.record.file, gaps: [gap] } };
  const lines = [...FORMATS.jsonl({ ...run, record })].map((line) => JSON.parse(line));
  const types = lines.map(({ type }) => type);
  expect(types.indexOf("gap")).toBeGreaterThan(types.indexOf("second"));
  expect(types.indexOf("gap")).toBeLessThan(types.lastIndexOf("second"));
  expect(lines.find(({ type }) => type === "gap")).toMatchObject({ time: at, cause: gap.cause });
});

test("Markdown shows ten names, the failing ones first, folds the rest, and stays below what a comment may have", () => {
  const names = Array.from({ length: 400 }, (_, n) => many(2, { name: `learn:tools/call:t${n}` })).flat();
  const text = textOf("markdown", [...names, ...many(1, { name: "learn:tools/call:bad", outcome: "http-503" })]);
  const [shown = "", folded = ""] = text.split("<details>");
  expect(shown.match(/^\| `/gm)).toHaveLength(10);
  expect(shown.split("\n").find((line) => line.startsWith("| `"))).toContain("learn:tools/call:bad");
  expect(folded).toContain("<summary>391 more names</summary>");
  expect(text).toContain("341 further names are in the record.");
  expect(text.length).toBeLessThan(65_536);
  expect(shown.split("\n").filter((line) => line.startsWith("- "))).toHaveLength(5);
});

const hostile = HOSTILE.map((name) => sample({ name, outcome: "tool-error" }));

test("in CSV no name is a formula, and each is one cell", () => {
  for (const format of ["csv", "csv-timeline"] as const) {
    const rows = rowsOf(textOf(format, [...hostile, sample({ name: "=1+1" }), sample({ name: " \t=1+1" })]));
    for (const { name = "" } of rows) expect(name).not.toMatch(/^\s*[=+\-@]/);
    expect(rows.map(({ name }) => name)).toContain("'=1+1");
  }
});

test("in Markdown no name is a tag, a link, a mention or a cell of its own", () => {
  const text = textOf("markdown", hostile);
  // Between backticks it is what it looks like.
  expect(text.replaceAll(/`[^`\n]*`/g, "")).not.toMatch(/<script|@someone|:\/\//);
  const cells = text.split("\n").filter((line) => line.startsWith("| ") && line.includes("learn:"));
  for (const line of cells) expect(line.split(" | ")).toHaveLength(6);
});

test.each(FORMAT_NAMES)("%s holds no control character of a name", (format) => {
  const text = textOf(format, hostile);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202e]/);
});

test("in Prometheus no name begins a metric", () => {
  expect(textOf("prometheus", hostile)).not.toMatch(/^evil/m);
});

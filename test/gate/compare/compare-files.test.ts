import { expect, test } from "vitest";
import { baselineJson, parseBaseline } from "../../../gate/compare/baseline-file.ts";
import { compareJunit } from "../../../gate/compare/compare-junit.ts";
import { compareLines } from "../../../gate/compare/compare-text.ts";
import { unsureText } from "../../../gate/compare/compare-words.ts";
import { compareSides } from "../../../gate/compare/comparison.ts";
import { compareDocument } from "../../../report/compare/compare-document.ts";
import { documentMarkdown } from "../../../report/markdown.ts";
import { parseXml, type XmlElement } from "../xml.ts";
import { NAMES, simulatedRun } from "./simulated-run.ts";

const HOSTILE = "learn:tools/call:\u001b[31m</testcase>|`x`<script>@team\u0000\u202e";
const names = { ...NAMES, [HOSTILE]: [100, 20] } as const;
const [BEFORE, AFTER] = [
  simulatedRun({ seed: 1, seconds: 60, names }),
  simulatedRun({ seed: 2, seconds: 60, names, factor: 1.5 }),
];
const COMPARISON = compareSides([BEFORE], [AFTER]);

test("the table has both sides of every name, the difference where it is real, and what breaks which budget", () => {
  const lines = compareLines(COMPARISON, { columns: 140 });
  expect(lines[0]).toMatch(/^compare: worse, \d+ budgets are broken$/);
  expect(lines[1]).toBe("run-1 > run-2");
  expect(lines.find((line) => line.startsWith("  the same work"))).toMatch(/ \+\d\d% /);
  expect(lines.find((line) => line.includes("the same work: p95"))).toMatch(
    /\+\d\d%.*slower: breaks the budget p95 \+15%/,
  );
  expect(lines.join("\n")).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
});

test("what lies beyond a budget and may be chance is said to be so, and breaks nothing", () => {
  const change = {
    before: 100,
    after: 120,
    change: 20,
    low: 1,
    high: 43,
    p: 0.04,
    told: "no difference",
    isBroken: false,
  } as const;
  const rows = [{ kind: "all", title: "all operations", before: 1, after: 1, changes: { p95Ms: change } }] as const;
  const text = unsureText({ rows, budgets: { p95Ms: 15 }, result: "WITHIN" });
  expect(text).toEqual([
    expect.stringContaining("p95 +20% (+1.0% to +43%) is beyond the budget p95 +15%, but may be chance"),
  ]);
  expect(unsureText({ rows, budgets: { p95Ms: 25 }, result: "WITHIN" })).toEqual([]);
  expect(unsureText({ rows, budgets: { p95Ms: 15 }, result: "INVALID" })).toEqual([]);
  const named = Array.from({ length: 5 }, (_, at) => ({ ...rows[0], kind: "name", title: `t${at}` }) as const);
  expect(unsureText({ rows: named, budgets: { p95Ms: 15 }, result: "WITHIN" })).toHaveLength(3);
});

test("what is no difference is marked so, and what would show is said", () => {
  const lines = compareLines(compareSides([BEFORE], [simulatedRun({ seed: 3, seconds: 60, names })]), { columns: 140 });
  expect(lines[0]).toBe("compare: no difference, within the budgets");
  expect(lines.find((line) => line.startsWith("  the same work"))).toContain(" = ");
  expect(lines.join("\n")).toMatch(/a difference of about \d+% in the mean of the same work would show/);
});

test("JUnit has a case for each budget of each row, failed where it is broken", () => {
  const suite = parseXml(compareJunit(COMPARISON)).children[0];
  const cases = suite?.children.filter(({ name }) => name === "testcase") ?? [];
  const failed = cases.filter(({ children }) => children.some(({ name }: XmlElement) => name === "failure"));
  expect(failed).toHaveLength(COMPARISON.broken.length);
  expect(suite?.attributes).toMatchObject({
    tests: String(cases.length),
    failures: String(failed.length),
    errors: "0",
  });
  expect(cases.map(({ attributes }) => attributes.name)).toContain("the same work: p95 +15%");
});

test("JUnit says that runs cannot be compared as an error", () => {
  const other = { ...AFTER, load: { users: 99 } };
  const suite = parseXml(compareJunit(compareSides([BEFORE], [other]))).children[0];
  expect(suite?.attributes.errors).toBe("1");
  expect(JSON.stringify(suite)).toContain("the load is not the same: users: 20, then 99");
  expect(suite?.attributes.failures).toBe("0");
  expect(compareLines(compareSides([BEFORE], [other])).join("\n")).not.toContain("breaks the budget");
});

test("the document escapes nothing by itself, and its Markdown lets no name do anything", () => {
  const text = documentMarkdown(compareDocument([COMPARISON], []));
  expect(text).toContain("breaks its budget");
  expect(text).not.toMatch(/<script|@team|(?!\n)\p{Cc}/u);
});

test("several comparisons on one page have sections of their own", () => {
  const { sections, subtitle } = compareDocument([COMPARISON, { ...COMPARISON, after: ["another"] }], []);
  expect(new Set(sections.map(({ id }) => id)).size).toBe(sections.length);
  expect(subtitle).toBe("2 comparisons");
  expect(sections.map(({ title }) => title)).toEqual([
    "What was compared",
    "What changed: A > B",
    "All figures: A > B",
    "What changed: A > C",
    "All figures: A > C",
  ]);
  const captions = sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === "table" ? block.caption : [])),
  );
  expect(new Set(captions).size).toBe(captions.length);
  for (const { id } of sections) expect(id).toMatch(/^[a-z0-9-]+$/);
});

test("a baseline reads back as it was written, one name a line, a hundred names in less than 100 kB", () => {
  const many = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [
      `learn:tools/call:a-rather-long-tool-name-${index}`,
      [100, 20] as const,
    ]),
  );
  const run = simulatedRun({ seed: 1, names: many });
  const text = baselineJson([run], "2026-03-01T10:00:00.000Z");
  expect(parseBaseline(text)).toEqual({
    schema: 1,
    kind: "swarmbridge-baseline",
    savedAt: "2026-03-01T10:00:00.000Z",
    runs: [run],
  });
  expect(text.length).toBeLessThan(100_000);
  expect(text.split("\n").filter((line) => line.includes("a-rather-long"))).toHaveLength(100);
});

test.each<[string, (run: Record<string, unknown>) => unknown]>([
  ["a time below zero", ({ all }) => withFigure(all, { value: -1, error: 0.1 })],
  ["a time beyond all bounds", ({ all }) => withFigure(all, { value: 1e300, error: 0.1 })],
  ["an error below zero", ({ all }) => withFigure(all, { value: 1, error: -0.1 })],
  ["more failures than calls", ({ all }) => ({ all: { ...(all as object), failures: 1e9 } })],
  ["half a call", ({ all }) => ({ all: { ...(all as object), count: 0.5, failures: 0 } })],
  ["a widening that narrows", () => ({ together: { p50Ms: { widening: 0.1, freedom: 3 } } })],
  ["a name of the language's own", ({ names }) => JSON.parse(`{"names":{"__proto__":${firstOf(names)}}}`)],
])("a baseline with %s is none", (_, fieldsOf) => {
  const written = JSON.parse(baselineJson([BEFORE], "2026-03-01T10:00:00.000Z"));
  const [run] = written.runs;
  const text = (fields: unknown): string => JSON.stringify({ ...written, runs: [{ ...run, ...(fields as object) }] });
  expect(parseBaseline(text({}))).not.toBeNull();
  expect(parseBaseline(text(fieldsOf(run)))).toBeNull();
});

const withFigure = (all: unknown, p50Ms: object) => ({ all: { ...(all as object), figures: { p50Ms } } });
const firstOf = (names: unknown): string => JSON.stringify(Object.values(names as object)[0]);

test.each([["no JSON"], ["{}"], ['{"schema":2,"kind":"swarmbridge-baseline","runs":[]}'], ["[]"]])(
  "%s is no baseline",
  (text) => {
    expect(parseBaseline(text)).toBeNull();
  },
);

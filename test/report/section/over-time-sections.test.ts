import { beforeAll, expect, test } from "vitest";
import type { RunRecord } from "../../../record/read-run.ts";
import type { Sample } from "../../../record/sample.ts";
import { arrivalName } from "../../../record/section.ts";
import type { Lines } from "../../../report/document.ts";
import { failuresSection } from "../../../report/section/failures.ts";
import { harnessSection } from "../../../report/section/harness.ts";
import { latencySection } from "../../../report/section/latency.ts";
import { loadSection } from "../../../report/section/load.ts";
import { memorySection } from "../../../report/section/memory.ts";
import { toolsSection } from "../../../report/section/tools.ts";
import { many, writtenRun } from "../../record/written-run.ts";
import { blocksOf, cellsOf, chartsOf, contextWith, tablesOf, withHead, writtenRecord } from "./over-time-sections.ts";

const SERVERS = ["learn", "context7", "github", "devops"];
let record: RunRecord;

beforeAll(() => {
  record = writtenRecord({ seconds: 240, names: 8, calls: 6_000 });
});

test("every operation has a row beside those of its server, with what its sample carries", () => {
  const [table, ...others] = tablesOf(toolsSection(contextWith(record)));
  expect(others).toEqual([]);
  const rows = cellsOf(table);
  expect(rows).toHaveLength(8);
  const inOrder = rows.map(([, server]) => server);
  expect([...new Set(inOrder)].sort()).toEqual([...SERVERS].sort());
  expect(inOrder.filter((server, at) => server !== inOrder[at - 1])).toHaveLength(SERVERS.length);
  const [row] = rows.filter(([, server]) => server === "learn");
  const { count, outcomes } = record.file.operations["learn:tools/call:tool_0"] ?? {};
  expect(row?.[0]).toBe("tools/call:tool_0");
  expect(row?.[3]?.replace(",", "")).toBe(String(count));
  const p95 = /^([\d.,]+) ([\d.,]+) to ([\d.,]+)$/.exec(row?.[9] ?? "");
  const [value, low, high] = (p95 ?? []).slice(1).map(Number);
  expect(value).toBeCloseTo(outcomes?.ok?.times.service?.p95Ms ?? 0, -1);
  expect(low).toBeLessThanOrEqual(value ?? 0);
  expect(high).toBeGreaterThanOrEqual(value ?? 0);
});

test("a percentile that a few answers cannot carry has a mark and no interval", () => {
  const few = writtenRecord({ seconds: 10, names: 1, calls: 30 });
  const [row] = cellsOf(tablesOf(toolsSection(contextWith(few)))[0]);
  expect(row?.[9]).toMatch(/^~\d/);
  expect(row?.[9]).not.toContain("to");
});

test("a distribution has a column of its own, also where there is one server and no column for it", () => {
  const one = writtenRecord({ seconds: 10, names: 1, calls: 200 });
  const [table] = tablesOf(toolsSection(contextWith(one)));
  expect(table?.columns.slice(0, 3).map(({ title }) => title)).toEqual(["operation", "distribution", "count"]);
  const [name, picture] = table?.rows[0] ?? [];
  expect(name).not.toHaveProperty("shape");
  expect(picture).toMatchObject({ text: "", shape: expect.arrayContaining([expect.any(Number)]) });
});

test("of a server with hundreds of operations most are folded away", () => {
  const many = writtenRecord({ seconds: 2, names: 300, calls: 900, nameOf: (index) => `learn:tools/call:t${index}` });
  const [table] = tablesOf(toolsSection(contextWith(many)));
  expect(table?.rows.length).toBeGreaterThan(200);
  expect(table?.shownRows).toBe(30);
});

test("the heat map holds each ok answer once, and its lines carry the server's limits", () => {
  const charts = chartsOf(latencySection(contextWith(record)));
  const heat = charts.find(({ type }) => type === "heat");
  const held = heat?.type === "heat" ? heat.counts.flat().reduce((sum, count) => sum + count, 0) : 0;
  const ok = Object.values(record.file.operations).reduce((sum, { outcomes }) => sum + (outcomes.ok?.count ?? 0), 0);
  expect(held).toBe(ok);
  const learn = charts.find(({ title }) => title === "Percentiles of the service time, learn");
  expect(learn).toMatchObject({
    limits: [
      { name: "limit of p95", at: 400 },
      { name: "limit of p99", at: 1_500 },
    ],
  });
  expect(learn?.says).toMatch(/ answers: p50 [\d.,]+, p95 [\d.,]+, p99 [\d.,]+ ms\. The p95 was highest, /);
});

test("a slot without answers is a gap, and no failure stands on an axis of times", () => {
  const sparse = writtenRecord({ seconds: 60, names: 1, calls: 20 });
  const chart = chartsOf(latencySection(contextWith(sparse))).find(({ type }) => type === "lines") as Lines;
  expect(chart.series[0]?.values).toContain(null);
  const failing = chartsOf(latencySection(contextWith(record))).find(({ type }) => type === "lines") as Lines;
  expect(failing.series.map(({ name }) => name)).toEqual(["p50", "p95", "p99"]);
});

test("sessions come first, then what ended, and each picture says its peak", () => {
  const charts = chartsOf(loadSection(contextWith(record)));
  expect(charts.map(({ title }) => title)).toEqual([
    "Open sessions, users, operations in flight",
    "Operations that ended, per second",
    "Open sessions by server",
  ]);
  expect(charts[0]?.says).toMatch(/^Up to 1,600 open sessions, first 24\.0 s after the start\./);
  expect(charts[1]?.says).toMatch(/^6,000 operations, 25\.0 a second on average, at most 25 a second/);
});

test("under a shape full and idle stretches are told apart, with the calls of each", () => {
  const shaped = withHead(record, { plan: { ...record.file.plan, shape: "bursts", shapeStages: "60s=10,60s=0" } });
  const section = loadSection(contextWith(shaped));
  expect(blocksOf(section)[0]).toMatchObject({
    text: ["The users followed the shape ", { text: "bursts: 60s=10,60s=0" }, "."],
  });
  const rows = cellsOf(tablesOf(section)[0]);
  expect(rows.map(([name]) => name?.split(" ")[0])).toEqual(["full", "between", "idle"]);
  expect(rows.reduce((sum, row) => sum + Number(row[1]), 0)).toBe(240);
  expect(rows.reduce((sum, row) => sum + Number(row[2]?.replace(",", "")), 0)).toBe(6_000);
});

test("planned starts are drawn beside those that began and those that found no free user", () => {
  const context = contextWith(record);
  const over = context.overTime();
  const begun = over.timeline.rows.map(() => 8);
  const dropped = over.timeline.rows.map((_, slot) => (slot === 100 ? 2 : 0));
  const timeline = { ...over.timeline, arrivals: { begun, dropped } };
  const chart = chartsOf(loadSection({ ...context, overTime: () => ({ ...over, timeline }) })).at(-1) as Lines;
  expect(chart.series.map(({ name, values }) => [name, values[100]])).toEqual([
    ["planned", 10],
    ["begun", 8],
    ["dropped", 2],
  ]);
  expect(chart.says).toContain(
    "2 (0.1%) found no free user and were dropped. Most were dropped 1 min 40 s after the start",
  );
});

test("failures are told by reason and time, with whose doing they are and examples", () => {
  const section = failuresSection(contextWith(record));
  const [chart] = chartsOf(section);
  const failures = Object.values(record.file.operations).reduce((sum, each) => sum + each.failures, 0);
  const drawn = chart?.type === "bars" ? chart.series.flatMap(({ values }) => values) : [];
  expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(failures);
  const reasons = cellsOf(tablesOf(section)[0]);
  expect(reasons.find(([reason]) => reason === "connect")?.[3]).toBe("the wire's");
  expect(reasons.find(([reason]) => reason === "tool-error")?.[3]).toBe("the tool's");
  expect(JSON.stringify(section)).toContain("example 0 of tool-error");
});

test("a run without failures, gaps and damage has no section of failures", () => {
  const operations = Object.fromEntries(
    Object.entries(record.file.operations).map(([name, { outcomes, ...rest }]) => [
      name,
      { ...rest, failures: 0, outcomes: { ok: outcomes.ok ?? { count: 0, times: {} } } },
    ]),
  );
  expect(failuresSection(contextWith(withHead(record, { operations })))).toBeNull();
});

test("a hundred thousand failures of hundreds of kinds stay a bounded section", () => {
  const all = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, index) => [
      `learn:tools/call:t${index}`,
      { count: 50, failures: 50, bytesIn: 0, bytesOut: 0, outcomes: { timeout: { count: 50, times: {} } }, all: {} },
    ]),
  );
  const section = failuresSection(contextWith(withHead(record, { operations: all })));
  expect(JSON.stringify(section).length).toBeLessThan(150_000);
});

test("what was lost and made good is said beside the failures", () => {
  const gaps = [{ at: "2026-03-01T10:01:00.000Z", cause: "bridge-lost" as const, lostLatencies: 3 }];
  const reconciled = { "learn:tools/call:tool_0": { ok: 3 } };
  const section = failuresSection(contextWith(withHead(record, { gaps, reconciled })));
  expect(JSON.stringify(section)).toContain("10:01:00 a bridge was lost: 3 operations are counted without times");
  expect(cellsOf(tablesOf(section).at(-1))).toEqual([["learn:tools/call:tool_0", "ok", "3"]]);
});

test("a server's memory is drawn from its readings, and failed readings are said", () => {
  const startMs = Date.parse(record.file.startedAt);
  const readings = [30, 60, 90, 120, 150, 180, 210].map((second) => ({
    atMs: startMs + second * 1000,
    bytes: 50e6 + second * 1e5,
  }));
  const serverMemory = { learn: { from: "pid", readings, failed: 2, why: "no such process" } };
  const section = memorySection(contextWith(withHead(record, { facts: { serverMemory } })));
  const [chart, bridge] = chartsOf(section) as Lines[];
  expect(chart?.x.values).toEqual([30, 60, 90, 120, 150, 180, 210]);
  expect(chart?.says).toMatch(
    /^53 MB at the first of 7 readings, 71 MB at the last\. At full load: .* MB per 1,000 calls/,
  );
  expect(JSON.stringify(section)).toContain("learn: 2 readings failed (no such process).");
  expect(bridge?.title).toBe("Memory of the load generator (the bridge)");
});

test("the generator's verdict stands above both halves of its delay and its pictures", () => {
  const section = harnessSection(contextWith(record));
  expect(section.blocks[0]).toMatchObject({ kind: "paragraph", tone: "good" });
  expect(section.blocks.slice(1).map(({ kind }) => kind)).toEqual(["details"]);
  const strained = { ...contextWith(record), generator: { level: "strained", reasons: ["its CPU"] } } as const;
  expect(harnessSection(strained).blocks.some(({ kind }) => kind === "details")).toBe(false);
  expect(chartsOf(section).map(({ title }) => title)).toEqual([
    "How late the bridge's event loop was",
    "CPU of both processes, in percent of one core",
  ]);
});

test("what the end of the run cut off is in no share of failures, wherever one stands", () => {
  const samples = [...many(90, {}), ...many(5, { outcome: "timeout" }), ...many(5, { outcome: "cancelled" })];
  const context = contextWith(writtenRun(samples));
  expect(chartsOf(loadSection(context))[1]?.says).toMatch(/^95 operations, 9\.5 a second.*\. 5\.3% failed\.$/);
  expect(cellsOf(tablesOf(toolsSection(context))[0])[0]).toEqual(expect.arrayContaining(["95", "5.3% (5)"]));
  const reasons = cellsOf(tablesOf(failuresSection(context))[0]);
  expect(reasons.map((row) => row.slice(0, 3))).toEqual([
    ["timeout", "5", "5.3%"],
    ["cancelled", "5", "-"],
  ]);
  expect(context.overTime().timeline.failed.reduce((sum, count) => sum + count, 0)).toBe(5);
});

test("CPU of several processes is said to be their sum", () => {
  const part = { id: "0", state: "complete" as const };
  const together = withHead(record, { parts: [part, { ...part, id: "1" }] as never });
  const cpu = chartsOf(harnessSection(contextWith(together))).at(-1);
  expect(cpu?.title).toBe("CPU of 2 pairs of processes, summed, in percent of one core");
  expect(cpu?.says).toMatch(/^2 bridges used \d+% of a core on average, all of them together, /);
});

test("a picture of servers with and without planned starts is of neither kind of time", () => {
  const planned = { name: arrivalName("learn", "Searcher"), serviceMs: 12, responseMs: 12 };
  const calls = [...many(20, { serviceMs: 20, responseMs: 800 }), planned];
  const titles = (...more: Partial<Sample>[]): string[] =>
    chartsOf(latencySection(contextWith(writtenRun([...calls, ...more])))).map(({ title }) => title);
  expect(titles()).toContain("Percentiles of the response time, learn");
  expect(titles(...many(20, { name: "github:tools/call:get_me" }))).toEqual(
    expect.arrayContaining([
      "Percentiles of the time that users waited, all servers",
      "Every answer by response time, learn",
      "Every answer by service time, github",
    ]),
  );
});

test("a picture of one answer marks its percentiles, and says one", () => {
  const [heat, lines] = chartsOf(latencySection(contextWith(writtenRun([{ serviceMs: 20 }]))));
  expect(lines?.says).toMatch(/^1 answer: p50 ~20, p95 ~20, p99 ~20 ms\./);
  expect(heat?.says).toMatch(/^1 answer; /);
});

test("of parts with clocks of their own the pictures over time say so", () => {
  const parts = ["a", "b"].map((clock) => ({ id: clock, clock }));
  const section = loadSection(contextWith(withHead(record, { parts: parts as never })));
  expect(JSON.stringify(section?.blocks[0])).toContain("parts of 2 machines, whose clocks were not compared");
});

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { recordResults } from "../../../azure/engines/record-results.ts";
import type { RunHead } from "../../../azure/engines/run-head.ts";
import { measureRun } from "../../../gate/compare/measure-run.ts";
import { judge } from "../../../gate/judge.ts";
import { Batch, NameList } from "../../../record/batch.ts";
import { missingLoad } from "../../../record/origin.ts";
import { loadRecording, readRun, timelineRows } from "../../../record/read-run.ts";
import { RecordKeeper } from "../../../record/record-keeper.ts";
import { OTHER_NAMES } from "../../../record/recording.ts";
import type { Sample } from "../../../record/sample.ts";
import { summarize } from "../../../record/summary.ts";
import { Times } from "../../../record/times.ts";
import { criteria } from "../../gate/criteria.ts";
import { csv, file, head, line, type MadeRow, newFolder, START_MS, zip } from "./made-results.ts";

const SEARCH = "learn:tools/call:search";

interface RecordedOptions {
  readonly files: readonly string[];
  readonly extras?: readonly string[];
  readonly engines?: number;
  readonly fields?: Partial<RunHead>;
  readonly mostBytes?: number;
}

const recorded = async ({ files, extras = [], engines = 1, fields = {}, mostBytes }: RecordedOptions) => {
  const runDir = newFolder();
  const merged = await recordResults({
    runDir,
    files,
    extras,
    engines,
    head: head(fields),
    ...(mostBytes !== undefined && { mostBytes }),
  });
  return { runDir, merged, record: readRun(runDir) };
};

const refused = async (options: RecordedOptions): Promise<{ code: string; sentence: string }> =>
  recorded(options).then(
    () => expect.unreachable("it was recorded"),
    (error: { code: string; sentence: string }) => error,
  );

const search = (fields: Partial<MadeRow> = {}): MadeRow => ({ name: SEARCH, atMs: 1_000, elapsedMs: 20, ...fields });
const many = (count: number, of: (index: number) => Partial<MadeRow> = () => ({})): MadeRow[] =>
  Array.from({ length: count }, (_, index) => search(of(index)));

let ownRecords = 0;

/** The record that the bridge on an engine writes, as the files of a folder. */
const ownRecord = (samples: readonly Partial<Sample>[], plan: RunHead["plan"] = {}, isKilled = false) => {
  const dir = join(newFolder(), "own");
  const keeper = new RecordKeeper({
    identity: {
      id: `20260301-100003-engine-${++ownRecords}`,
      part: null,
      startedAt: new Date(START_MS).toISOString(),
      startedMs: 0,
      plan: { users: 10, ...plan },
      versions: { locust: "2.33.2" },
      servers: {},
    },
    dir,
    tally: null,
    cause: "bridge-lost",
    onWarning: (text) => expect.unreachable(text),
    now: () => START_MS + 60_000,
  });
  const names = new NameList();
  const batch = new Batch();
  for (const one of samples) {
    const sample = {
      name: SEARCH,
      outcome: "ok",
      endMs: 1_020,
      serviceMs: 20.25,
      bytesIn: 100,
      bytesOut: 10,
      ...one,
    } as const;
    batch.append({ responseMs: (sample.serviceMs ?? 0) + 1, ...sample }, names.indexOf(sample.name), null);
  }
  keeper.take({
    op: "batch",
    nowMs: 60_000,
    names: names.names,
    numbers: batch.take(),
    late: Float64Array.of(),
    hidden: [["learn:GET stream", 1]],
    failures: [],
    facts: [],
    gauges: null,
  });
  if (isKilled) keeper.flush();
  else keeper.stop("run time reached", null);
  return Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name))]));
};

const inFolder = (folder: string, files: Readonly<Record<string, Buffer>>) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));

test("counts and percentiles of merged rows are those of one histogram over all values", async () => {
  const rows = fc.record({
    name: fc.constantFrom(SEARCH, "github:initialize", 'a, "b"\nc', "learn:auth/token"),
    atMs: fc.integer({ min: 0, max: 50_000 }),
    elapsedMs: fc.integer({ min: 1, max: 9_000 }),
    isOk: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(rows, { maxLength: 30 }), { minLength: 1, maxLength: 4 }), async (engines) => {
      const entries = engines.map((each, index) => [`engine${index + 1}_results.csv`, csv(each)]);
      const { runDir, record } = await recorded({ files: [await zip(Object.fromEntries(entries))] });
      const all = engines.flat();
      const { operations, auth } = record.file;
      const kept = { ...operations, ...auth };
      expect(new Set(Object.keys(kept))).toEqual(new Set(all.map(({ name }) => name)));
      for (const [name, operation] of Object.entries(kept)) {
        const named = all.filter((row) => row.name === name);
        expect(operation).toMatchObject({
          count: named.length,
          failures: named.filter(({ isOk }) => !isOk).length,
          bytesIn: 100 * named.length,
          bytesOut: 10 * named.length,
        });
        const times = new Times();
        for (const { isOk, elapsedMs } of named) if (isOk) times.record(elapsedMs * 1000);
        expect(operation.outcomes.ok?.times.service ?? new Times().summary()).toEqual(times.summary());
        expect(operation.outcomes.ok?.times.response).toEqual(operation.outcomes.ok?.times.service);
      }
      const again = loadRecording(record);
      expect(again.brokenLines).toBe(0);
      expect(again.recording.toRunFile()).toMatchObject({ operations, auth });
      const inRows = [...timelineRows(record)].flatMap((row) => Object.values(row.operations));
      const sections = all.filter(({ name }) => name !== "learn:auth/token");
      expect(inRows.reduce((sum, { count }) => sum + count, 0)).toBe(sections.length);
      rmSync(runDir, { recursive: true });
    }),
    { numRuns: 25 },
  );
});

test("the record has the run's id, dates and plan, and says whose rows they are", async () => {
  const { record, merged, runDir } = await recorded({
    files: [await zip({ "engine2_results.csv": csv(many(3)), "ENGINE10_Results.CSV": csv(many(4)) })],
    engines: 3,
  });
  expect(record.file).toMatchObject({
    id: "20260301-100000-multi-abcd",
    part: null,
    state: "complete",
    endReason: "done",
    startedAt: "2026-03-01T10:00:00.000Z",
    endedAt: "2026-03-01T10:01:00.000Z",
    plan: { users: 20 },
    generator: { seconds: 0 },
    origin: {
      kind: "azure",
      testRunId: "20260301-100000-multi-abcd",
      testId: "mcp-nightly",
      engineCount: 3,
      clocks: "unchecked",
    },
  });
  expect(
    record.file.origin?.engines.map(({ engine, source, rows, file: name }) => [engine, source, rows, name]),
  ).toEqual([
    ["engine-10", "rows", 4, "ENGINE10_Results.CSV"],
    ["engine-2", "rows", 3, "engine2_results.csv"],
  ]);
  expect(merged).toMatchObject({ source: "rows", engines: 2 });
  expect(merged.note).toContain("1 of 3 engines left no results");
  expect(readdirSync(runDir).sort()).toEqual(["failures.json", "latency.hlog", "parts", "run.json", "timeline.jsonl"]);
});

test("a summary says what was not measured, instead of zeros", async () => {
  const { record } = await recorded({ files: [file("engine1_results.csv", csv(many(3)))] });
  const text = summarize(record, { columns: 140 });
  expect(text).toContain("20 users planned");
  expect(text).toMatch(/^generator +not measured$/m);
  expect(text).toMatch(/^hidden +not measured$/m);
  expect(text).toMatch(/^harness delay +before sending not measured; after the answer not measured/m);
  expect(text).toMatch(/^azure +.*1 engine, times from the service's rows: whole ms/m);
  expect(text.replaceAll(/\s+/g, " ")).toContain("the engines' clocks are not compared");
});

test("an engine without a single row counts as an engine", async () => {
  const { record, merged } = await recorded({ files: [await zip({ "engine1_results.csv": csv([]) })] });
  expect(merged.engines).toBe(1);
  expect(record.file.operations).toEqual({});
});

test("seconds that come out of order stand where they belong, and the counts are exact", async () => {
  const rows = many(200, (index) => ({ atMs: ((index * 37) % 50) * 1000 }));
  const { record } = await recorded({ files: [file("engine1_results.csv", csv(rows))] });
  const inRows = [...timelineRows(record)].map(({ second, operations }) => [second, operations[SEARCH]?.count]);
  expect(inRows).toEqual(Array.from({ length: 50 }, (_, second) => [second, 4]));
  expect(record.file.origin?.engines[0]?.movedRows).toBe(0);
});

test("a time far outside of the run is counted, and does not stretch the timeline", async () => {
  const rows = [search(), search({ atMs: 1e12 }), search({ atMs: -1e9 })];
  const { record } = await recorded({ files: [file("engine1_results.csv", csv(rows))] });
  expect(record.file.operations[SEARCH]?.count).toBe(3);
  expect(record.file.origin?.engines[0]?.movedRows).toBe(2);
  expect([...timelineRows(record)].map(({ second }) => second)).toEqual([0, 1, 120]);
});

test("more names than a record keeps fall under one, and are counted", async () => {
  const rows = many(2_001, (index) => ({ name: `learn:tools/call:t${index}` }));
  const { record } = await recorded({ files: [file("engine1_results.csv", csv(rows))] });
  expect(Object.keys(record.file.operations)).toHaveLength(2_001);
  expect(record.file.operations[OTHER_NAMES]?.count).toBe(1);
});

test("the same engine's file twice, in the zip and unpacked beside it, is counted once", async () => {
  const content = csv(many(5));
  const files = [await zip({ "engine1_results.csv": content }), file("engine1_results.csv", content)];
  const { record, merged } = await recorded({ files });
  expect(record.file.operations[SEARCH]?.count).toBe(5);
  expect(merged.engines).toBe(1);
});

test("regions that number their engines alike are engines of their own", async () => {
  const { record, merged } = await recorded({
    files: [
      await zip({ "westeurope/engine1_results.csv": csv(many(5)), "northeurope_engine1_results.csv": csv(many(6)) }),
    ],
    engines: 2,
  });
  expect(record.file.operations[SEARCH]?.count).toBe(11);
  expect(merged.engines).toBe(2);
});

test("rows that are none are counted as broken, whatever they hold, and the others stand", async () => {
  const broken = [
    "",
    "a,b",
    "\u0000\u0001",
    line(search()).replace("true", "perhaps"),
    line(search()).replace(/^\d+/, "soon"),
  ];
  const content = [csv([search()]).trimEnd(), ...broken, line(search()), `${line(search())},more`, ""].join("\r\n");
  const { record, merged } = await recorded({ files: [file("engine1_results.csv", `\uFEFF${content}`)] });
  expect(record.file.operations[SEARCH]?.count).toBe(2);
  expect(record.file.origin?.engines[0]).toMatchObject({ rows: 2, brokenRows: 5 });
  expect(merged.note).toContain("engine-1: 5 rows cannot be read and are not counted");
  expect(summarize(record)).toContain("5 rows cannot be read");
});

test("a last row that the engine's end cut off within quotes is one broken row", async () => {
  const { record } = await recorded({
    files: [file("engine1_results.csv", `${csv([search()])}1772359201000,20,"learn:tools`)],
  });
  expect(record.file.origin?.engines[0]).toMatchObject({ rows: 1, brokenRows: 1 });
});

test("engines whose files are cut within quotes are all there", async () => {
  const cut = (count: number) => `${csv(many(count))}1772359201000,20,"learn:tools`;
  const { record, merged } = await recorded({
    files: [
      await zip({
        "engine1_results.csv": cut(30),
        "engine2_results.csv": cut(40),
        "engine3_results.csv": cut(0),
      }),
      file("engine1_results.csv", cut(30)),
    ],
    engines: 3,
  });
  expect(merged.engines).toBe(3);
  expect(record.file.operations[SEARCH]?.count).toBe(70);
});

test("a quote that nobody closed eats no other row, and nothing throws the run away", async () => {
  const content = [
    csv(many(10)).trimEnd(),
    '1772359201000,5,learn:x,500,"boom said the server,t,text,false,x,1,1,1,1,,5,0,0',
    ...many(500).map(line),
    `1772359201000,5,"${"x".repeat(1_100_000)}`,
    ...many(500).map(line),
    "",
  ].join("\n");
  const { record } = await recorded({ files: [file("engine1_results.csv", content)] });
  expect(record.file.origin?.engines[0]).toMatchObject({ rows: 1_010, brokenRows: 2 });
});

test("a file without a single line is that of an engine without results", async () => {
  const files = [await zip({ "engine1_results.csv": csv(many(3)), "engine2_results.csv": "" })];
  const { record, merged } = await recorded({ files, engines: 2 });
  expect(merged.note).toContain("1 of 2 engines left no results");
  expect(record.file.origin?.engines).toHaveLength(1);
  expect(await refused({ files: [file("engine1_results.csv", "")] })).toMatchObject({ code: "AZURE_NO_RESULTS" });
});

test("names with commas, quotes, line ends and those of an object's own parts are kept", async () => {
  const names = ['a,"b"', "two\nlines", "__proto__", "constructor", ""];
  const { record } = await recorded({
    files: [
      file(
        "engine1_results.csv",
        csv(
          names.map((name) => search({ name, isOk: false, message: "one\r\ntwo" })),
          "\r\n",
        ),
      ),
    ],
  });
  expect(Object.keys(record.file.operations).sort()).toEqual(
    ['a,"b"', "two\nlines", "(__proto__)", "constructor", "(no name)"].sort(),
  );
});

test("a run that left nothing has no results, and makes no record", async () => {
  const logs = await zip({ "engine1.log": "WARN nothing" }, "logs.zip");
  expect(await refused({ files: [logs] })).toMatchObject({ code: "AZURE_NO_RESULTS" });
  expect(await refused({ files: [] })).toMatchObject({ code: "AZURE_NO_RESULTS" });
});

test("an earlier record stays as it was when later results are broken", async () => {
  const { runDir } = await recorded({ files: [file("engine1_results.csv", csv(many(5)))] });
  const before = readFileSync(join(runDir, "run.json"), "utf8");
  const again = recordResults({ runDir, files: [file("engine1_results.csv", "no,csv\n")], head: head(), engines: 1 });
  await expect(again).rejects.toMatchObject({ code: "AZURE_RESULTS_BROKEN" });
  expect(readFileSync(join(runDir, "run.json"), "utf8")).toBe(before);
  expect(existsSync(join(runDir, "parts", "engine-1"))).toBe(true);
  expect(readdirSync(runDir).filter((name) => name.startsWith("."))).toEqual([]);
});

test("results that are downloaded again replace the record", async () => {
  const { runDir } = await recorded({
    files: [await zip({ "engine1_results.csv": csv(many(5)), "engine2_results.csv": csv(many(6)) })],
  });
  await recordResults({ runDir, files: [file("engine3_results.csv", csv(many(7)))], head: head(), engines: 1 });
  expect(readRun(runDir).file.operations[SEARCH]?.count).toBe(7);
  expect(readdirSync(join(runDir, "parts"))).toEqual(["engine-3"]);
});

test.each([
  [
    "a header without the columns that counting needs",
    "a,b,c\n1,2,3\n",
    "names no column timestamp, elapsed, label, success",
  ],
  ["garbage", Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 251)), "names no column"],
])("%s is refused, naming the file", async (_, content, why) => {
  const error = await refused({ files: [await zip({ "engine1_results.csv": content })] });
  expect(error.code).toBe("AZURE_RESULTS_BROKEN");
  expect(error.sentence).toContain("results.zip/engine1_results.csv");
  expect(error.sentence).toContain(why);
});

test("an engine's own histograms are preferred to its rows, exact, and need no rows", async () => {
  const files = [
    await zip({
      "engine1_results.csv": csv(many(2)),
      ...inFolder("engine1/results/20260301-100003-engine", ownRecord([{}, { serviceMs: 30.5 }])),
      ...inFolder("engine2/results/20260301-100003-engine", ownRecord([{ serviceMs: 40.75 }])),
    }),
  ];
  const { record, merged } = await recorded({ files, engines: 2 });
  expect(merged).toEqual({ source: "histograms", note: null, engines: 2 });
  const service = record.file.operations[SEARCH]?.outcomes.ok?.times.service;
  expect(service).toMatchObject({ count: 3, minMs: 20.25, maxMs: 40.75, sumMs: 20.25 + 30.5 + 40.75 });
  expect(record.file.plan).toEqual({ users: 20, runTime: 60 });
  expect(record.file.versions).toEqual({ swarmbridge: "0.1.0", locust: "2.33.2" });
  expect(record.file.hidden).toEqual({ "learn:GET stream": 2 });
  const [row] = timelineRows(record);
  expect(row?.operations[SEARCH]?.count).toBe(3);
  // Of a second only the buckets are merged: 3 significant digits.
  expect(Math.abs((row?.operations[SEARCH]?.p99Ms ?? 0) / 40.75 - 1)).toBeLessThan(0.001);
  expect(record.damage).toEqual([]);
  expect(loadRecording(record).brokenLines).toBe(0);
});

test("where some engines kept histograms and some did not, it is said of each", async () => {
  const files = [
    await zip({
      "engine1_results.csv": csv(many(3)),
      "engine2_results.csv": csv(many(2)),
      ...inFolder("logs/20260301-100003-engine", ownRecord([{}, {}], { engine: 2 })),
    }),
  ];
  const { record, merged } = await recorded({ files, engines: 2 });
  expect(merged.source).toBe("rows");
  expect(merged.note).toContain("engine-1 kept no histograms that can be used");
  expect(record.file.origin?.engines.map(({ engine, source, operations }) => [engine, source, operations])).toEqual([
    ["engine-1", "rows", null],
    ["engine-2", "histograms", 2],
  ]);
  expect(summarize(record, { columns: 140 })).toContain("of the others from the engines' own histograms");
});

test("under an arrival rate an engine's histograms and another's rows are judged by the same time, Locust's", async () => {
  const start = { name: "learn:arrival:LearnUser", serviceMs: 1, responseMs: 1 };
  const own = ownRecord([start, ...times(99, { serviceMs: 100, responseMs: 900 })], { engine: 1 });
  const rows = csv(many(99, () => ({ elapsedMs: 900 })));
  const slowest = criteria("min(response_time_ms) < 900", "max(response_time_ms) > 900", "count(requests) > 198");
  const both = {
    "engine1_results.csv": rows,
    "engine2_results.csv": csv(many(99, () => ({ atMs: 2_000, elapsedMs: 900 }))),
  };
  for (const entries of [{ ...both, ...inFolder("logs/own", own) }, both]) {
    const { record } = await recorded({ files: [await zip(entries)], engines: 2 });
    const verdict = judge(record, slowest);
    expect(verdict.rows.map(({ actualValue }) => actualValue)).toEqual([900, 900, 198]);
    expect(verdict.result).toBe("PASSED");
    expect(measureRun(record).all.figures.p50Ms?.value).toBeCloseTo(900, -1);
  }
});

test("a record that names no engine goes to the only one whose rows have its counts", async () => {
  const rows = { "engine1_results.csv": csv(many(3)), "engine2_results.csv": csv(many(2)) };
  const own = (count: number) => inFolder("kept", ownRecord(Array.from({ length: count }, () => ({}))));
  const fitting = await recorded({ files: [await zip({ ...rows, ...own(2) })] });
  expect(fitting.record.file.origin?.engines[1]).toMatchObject({ engine: "engine-2", source: "histograms" });
  const strange = await recorded({ files: [await zip({ ...rows, ...own(1) })] });
  expect(strange.merged.note).toContain(
    "the record in results.zip/kept is not used: nothing says which engine kept it",
  );
  expect(strange.record.file.operations[SEARCH]?.count).toBe(5);
});

test("a record that lies in two of the downloads is used once, and takes no other engine's place", async () => {
  const own = inFolder("engine1", ownRecord([{}]));
  const { record, merged } = await recorded({
    files: [
      await zip({ "engine1_results.csv": csv(many(1)), "engine2_results.csv": csv([search({ atMs: 5 })]), ...own }),
      await zip(own, "logs.zip"),
    ],
    engines: 2,
  });
  expect(record.file.operations[SEARCH]?.count).toBe(2);
  expect(record.file.origin?.engines.map(({ source }) => source)).toEqual(["histograms", "rows"]);
  expect(merged.note).toContain("the record in logs.zip/engine1 is not used: it is there twice");
});

test("regions that number their engines alike get their own records back by their counts", async () => {
  const entries = {
    "east/engine1_results.csv": csv(many(30)),
    "west/engine1_results.csv": csv(many(60)),
    ...inFolder("west/engine1", ownRecord(Array.from({ length: 60 }, () => ({})))),
    ...inFolder("east/engine1", ownRecord(Array.from({ length: 30 }, () => ({})))),
  };
  const { record, merged } = await recorded({ files: [await zip(entries)], engines: 2 });
  expect(merged).toEqual({ source: "histograms", note: null, engines: 2 });
  expect(record.file.origin?.engines.map(({ rows, operations }) => [rows, operations])).toEqual([
    [30, 30],
    [60, 60],
  ]);
});

test("a few operations that only one side counted are reported with their number", async () => {
  const own = ownRecord(Array.from({ length: 40 }, () => ({})));
  const { merged, record } = await recorded({
    files: [await zip({ "engine1_results.csv": csv(many(38)), ...inFolder("engine1", own) })],
  });
  expect(merged).toMatchObject({
    source: "histograms",
    note: "engine-1: its bridge and the service's rows differ by 2 operations",
  });
  expect(record.file.operations[SEARCH]?.count).toBe(40);
  expect(summarize(record).replaceAll(/\s+/g, " ")).toContain("its bridge counted 40 operations, the rows are 38");
});

test.each([
  ["was killed", ownRecord([{}], {}, true), "it was not completed"],
  ["lost its end", { ...ownRecord([{}]), "latency.hlog": Buffer.from("cut") }, "latency.hlog is cut"],
  ["is no JSON", { ...ownRecord([{}]), "run.json": Buffer.from("{") }, "it was not completed"],
  ["lacks most operations", ownRecord([{}]), "it does not fit the rows of engine-1"],
  [
    "has a line without an end",
    { ...ownRecord([{}]), "latency.hlog": Buffer.alloc(5_000_000, 65) },
    "latency.hlog is too large",
  ],
])("the rows are used when the engine's own record %s", async (_, own, why) => {
  const { merged, record } = await recorded({
    files: [await zip({ "engine1_results.csv": csv(many(30)), ...inFolder("engine1", own) })],
  });
  expect(merged.source).toBe("rows");
  expect(merged.note).toContain(why);
  expect(record.file.operations[SEARCH]?.count).toBe(30);
});

const INITIALIZE = "learn:initialize";
const times = (count: number, of: Partial<Sample> = {}): Partial<Sample>[] => Array.from({ length: count }, () => of);

test.each<[string, MadeRow[], Partial<Sample>[]]>([
  ["knows no failure", many(100, () => ({ isOk: false })), times(100)],
  ["lacks a name", [search({ name: INITIALIZE }), ...many(8, () => ({ isOk: false }))], times(1, { name: INITIALIZE })],
  ["lacks most of a few failures", many(10, (at) => ({ isOk: at < 2 })), times(2)],
  ["has a hundred times as many", many(100), times(10_000)],
  ["has failures of its own", many(1000), times(1000, { outcome: "timeout" })],
])("the rows are used when the engine's own record %s", async (_, rows, own) => {
  const { merged, record } = await recorded({
    files: [await zip({ "engine1_results.csv": csv(rows), ...inFolder("engine1", ownRecord(own)) })],
  });
  expect(merged).toMatchObject({
    source: "rows",
    note: expect.stringContaining("it does not fit the rows of engine-1"),
  });
  expect(record.file.operations[SEARCH]?.failures).toBe(rows.filter(({ isOk }) => isOk === false).length);
});

test("the lines of a failure's message are no rows, also when they look like some", async () => {
  const log = search({ isOk: false, message: `upstream:\n${`${line(search())}\n`.repeat(200)}` });
  const epochs = search({ isOk: false, message: "log:\n1772359201001,WARN,slow\n1772359201002,WARN,slow" });
  const rows = many(1000, (at) => (at % 10 === 0 ? (at % 20 === 0 ? log : epochs) : {}));
  const { record } = await recorded({ files: [await zip({ "engine1_results.csv": csv(rows) })] });
  expect(record.file.operations[SEARCH]).toMatchObject({ count: 1000, failures: 100 });
  expect(record.file.origin?.engines[0]).toMatchObject({ rows: 1000, brokenRows: 0 });
});

test("a CSV with its header alone does not stand for the engine's own record", async () => {
  const own = inFolder("engine2", ownRecord(times(100, { outcome: "timeout" })));
  const files = [await zip({ "engine1_results.csv": csv(many(100)), "engine2_results.csv": csv([]), ...own })];
  const { record, merged } = await recorded({ files, engines: 2 });
  expect(record.file.operations[SEARCH]).toMatchObject({ count: 200, failures: 100 });
  expect(merged.note).toContain("engine-2: its bridge and the service's rows differ by 100 operations");
});

test("a record that is not used and has more than the rows makes the run one that cannot be judged", async () => {
  const missing = async (rows: number, own: readonly Partial<Sample>[], plan = {}) => {
    const entries = { "engine1_results.csv": csv(many(rows)), ...inFolder("x", ownRecord(own, plan)) };
    const { record } = await recorded({ files: [await zip(entries)] });
    return record.file.origin === undefined ? [] : missingLoad(record.file.origin);
  };
  expect(await missing(100, times(500), { engine: 1 })).toEqual([
    "the record in results.zip/x, which is not used, has 500 operations, 0 of them failed: clearly more than the rows of engine-1",
  ]);
  expect(await missing(100, times(100, { outcome: "timeout" }), { engine: 1 })).toHaveLength(1);
  expect(await missing(0, times(100))).toEqual([expect.stringContaining("than the rows of any engine")]);
  expect(await missing(100, times(50), { engine: 1 })).toEqual([]);
  expect(await missing(100, times(50))).toEqual([]);
});

test.each([
  ["one failure that only the rows know", [...many(499), search({ isOk: false })], "histograms"],
  ["two", [...many(498), ...many(2, () => ({ isOk: false }))], "rows"],
  ["few rows of another kind of user", [...many(500), search({ name: "GET https://host.example/a" })], "histograms"],
  ["many of them", [...many(500), ...many(20, () => ({ name: "/shop" }))], "rows"],
  ["a row of an operation that the bridge lacks", [...many(500), search({ name: "learn:initialize" })], "rows"],
])("with %s", async (_, rows, source) => {
  const { merged } = await recorded({
    files: [await zip({ "engine1_results.csv": csv(rows), ...inFolder("engine1", ownRecord(times(500))) })],
  });
  expect(merged.source).toBe(source);
});

test("a failed check stands in the rows as a success, and fits", async () => {
  const own = [...times(60), ...times(40, { outcome: "assertion" })];
  const { merged, record } = await recorded({
    files: [await zip({ "engine1_results.csv": csv(many(100)), ...inFolder("engine1", ownRecord(own)) })],
  });
  expect(merged).toMatchObject({ source: "histograms", note: null });
  expect(record.file.operations[SEARCH]?.failures).toBe(40);
});

test.each([5, 2])("a record that names engine %i, of which there is none, makes no engine more", async (engine) => {
  const ofStranger = await recorded({
    files: [await zip({ "engine1_results.csv": csv(many(10)), ...inFolder("x", ownRecord(times(7), { engine })) })],
  });
  expect(ofStranger.merged.engines).toBe(1);
  expect(ofStranger.merged.note).toContain("nothing says which engine kept it");
  const fitting = await recorded({
    files: [await zip({ "engine1_results.csv": csv(many(10)), ...inFolder("x", ownRecord(times(10), { engine })) })],
  });
  expect(fitting.merged).toEqual({ source: "histograms", note: null, engines: 1 });
});

test("a zip that is cut, or was changed on its way, is refused by its name", async () => {
  const path = await zip({ "engine1_results.csv": csv(many(500, (index) => ({ elapsedMs: index }))) });
  const whole = readFileSync(path);
  for (const length of [0, 10, whole.length - 5]) {
    writeFileSync(path, whole.subarray(0, length));
    const error = await refused({ files: [path] });
    expect(error.code).toBe("AZURE_RESULTS_BROKEN");
    expect(error.sentence).toContain("results.zip");
  }
});

test("a file whose checksum is another than its zip says is refused", async () => {
  const path = await zip({ "engine1_results.csv": csv(many(3)) });
  const bytes = readFileSync(path);
  const directory = bytes.indexOf(Buffer.from("PK\u0001\u0002", "latin1"));
  bytes.writeUInt32LE(1, directory + 16);
  writeFileSync(path, bytes);
  const error = await refused({ files: [path] });
  expect(error.sentence).toContain("results.zip/engine1_results.csv (its checksum is another)");
});

test("what unpacks to more than the bound ends when the bound is reached", async () => {
  const bomb = Buffer.alloc(20_000_000, "\n");
  const path = await zip({ "engine1_results.csv": Buffer.concat([Buffer.from(csv([])), bomb]) });
  expect(readFileSync(path).length).toBeLessThan(100_000);
  expect((await refused({ files: [path], mostBytes: 1e6 })).sentence).toContain("unpacked");
});

test("a zip that says less than it holds ends where it said", async () => {
  const path = await zip({ "engine1_results.csv": csv(many(500)) });
  const bytes = readFileSync(path);
  bytes.writeUInt32LE(1_000, bytes.indexOf(Buffer.from("PK\u0001\u0002", "latin1")) + 24);
  writeFileSync(path, bytes);
  expect((await refused({ files: [path] })).sentence).toContain("results.zip/engine1_results.csv");
});

test("a zip of more records than the engines can have kept is refused; other files are walked past", async () => {
  const entries = (count: number, name: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}/${name}`, ""]));
  const path = await zip(entries(1_101, "run.json"));
  expect((await refused({ files: [path] })).sentence).toContain("more than 1100 files in one zip");
  const logs = await zip({ "engine1_results.csv": csv(many(1)), ...entries(2_500, "engine.log") });
  expect((await recorded({ files: [logs] })).merged.engines).toBe(1);
});

test("many engines may each have kept a record, and left files besides", async () => {
  const entries = Array.from({ length: 400 }, (_, index) => {
    const engine = `engine${index + 1}`;
    const csvs = index < 3 ? [[`${engine}_results.csv`, csv(many(1))]] : [];
    // What is no record is not read, and is what a zip may be full of.
    const names = [
      "failures.json",
      "timeline.jsonl",
      "run.json",
      "1.log",
      "2.log",
      ...(index < 8 ? ["latency.hlog"] : []),
    ];
    return [...csvs, ...names.map((name) => [`${engine}/${name}`, ""])];
  });
  const { record } = await recorded({ files: [await zip(Object.fromEntries(entries.flat()))], engines: 400 });
  expect(record.file.operations[SEARCH]?.count).toBe(3);
  expect(record.file.origin?.unused).toHaveLength(8);
  expect(summarize(record)).toContain("3 more records of engines are not used");
});

test("logs that cannot be read are a note, in the record too", async () => {
  const results = await zip({ "engine1_results.csv": csv(many(3)) });
  const damaged = await zip(inFolder("engine1", ownRecord(times(3))), "report.zip");
  const bytes = readFileSync(damaged);
  bytes.writeUInt32LE(1, bytes.indexOf(Buffer.from("PK\u0001\u0002", "latin1")) + 16);
  writeFileSync(damaged, bytes);
  const extras = [file("logs.zip", "PKgarbage"), file("empty.zip", ""), damaged];
  const { record, merged } = await recorded({ files: [results], extras });
  expect(record.file.operations[SEARCH]?.count).toBe(3);
  expect(record.file.origin?.unused).toEqual([
    expect.stringMatching(/^logs\.zip cannot be read \(/),
    expect.stringMatching(/^empty\.zip cannot be read \(/),
    "the record in report.zip/engine1 is not used: its checksum is another",
  ]);
  expect(merged.note).toContain("logs.zip cannot be read");
  expect(summarize(record).replaceAll(/\s+/g, " ")).toContain("logs.zip cannot be read");
  expect((await refused({ files: [results, ...extras] })).code).toBe("AZURE_RESULTS_BROKEN");
});

test("what a killed process left of its work is removed, and that of a living one is not", async () => {
  const { runDir } = await recorded({ files: [file("engine1_results.csv", csv(many(5)))] });
  // Above the largest number that a system gives.
  const [dead, living] = [".results-4294967-AbCdEf", `.results-${process.ppid}-AbCdEf`];
  for (const name of [dead, living]) mkdirSync(join(runDir, name));
  await recordResults({ runDir, files: [file("engine1_results.csv", csv(many(7)))], head: head(), engines: 1 });
  expect(readdirSync(runDir).filter((name) => name.startsWith("."))).toEqual([living]);
});

test("a name that leads out of the zip is written nowhere", async () => {
  const path = await zip({ "xx/engine1_results.csv": csv(many(1)) });
  const bytes = Buffer.from(readFileSync(path).toString("latin1").replaceAll("xx/engine1", "../engine1"), "latin1");
  writeFileSync(path, bytes);
  expect((await refused({ files: [path] })).code).toBe("AZURE_RESULTS_BROKEN");
});

test("a missing download is named", async () => {
  expect((await refused({ files: ["/nowhere/engine1_results.csv"] })).sentence).toContain("engine1_results.csv");
});

import { appendFileSync, chmodSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HistogramLogReader } from "hdr-histogram-js";
import { beforeEach, expect, test } from "vitest";
import { Batch, NameList } from "../../record/batch.ts";
import { loadRecording, readRun, timelineRows } from "../../record/read-run.ts";
import type { Outcome } from "../../record/reason.ts";
import { type KeeperOptions, RecordKeeper } from "../../record/record-keeper.ts";
import type { RunIdentity } from "../../record/recorder.ts";
import type { Gauges, Sample, Tally } from "../../record/sample.ts";
import { gauges, identity, newRoot, SEARCH, STARTED_AT, sample } from "./samples.ts";

let dir = "";
let warnings: string[] = [];
beforeEach(() => {
  dir = join(newRoot(), "run");
  warnings = [];
});

const opened = (tally: Tally | null = null, fields: Partial<RunIdentity> = {}, options: Partial<KeeperOptions> = {}) =>
  new RecordKeeper({
    identity: identity(fields),
    dir,
    tally,
    cause: "bridge-lost",
    onWarning: (text) => warnings.push(text),
    now: () => Date.parse(STARTED_AT) + 5_000,
    ...options,
  });

/** A keeper's end of the link to it: names are numbered as the bridge's thread does. */
const feeder = (keeper: RecordKeeper) => {
  const names = new NameList();
  let sent = 0;
  return (nowMs: number, all: readonly (Sample | [Sample, Outcome])[], reading: Gauges | null = null) => {
    const batch = new Batch();
    for (const each of all) {
      const [one, to] = Array.isArray(each) ? each : [each, null];
      batch.append(one, names.indexOf(one.name), to);
    }
    keeper.take({
      op: "batch",
      nowMs,
      names: names.names.slice(sent),
      numbers: batch.take(),
      late: Float64Array.of(0.5, nowMs),
      hidden: [["learn:notifications/initialized", 1]],
      failures: [],
      facts: [],
      gauges: reading,
    });
    sent = names.names.length;
  };
};

const loaded = () => loadRecording(readRun(dir)).recording;

test("a record is there from the first moment, readable by its owner alone", () => {
  opened();
  expect(readRun(dir).file).toMatchObject({ schema: 1, state: "running", endReason: null, endedAt: null });
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  for (const name of ["run.json", "latency.hlog", "timeline.jsonl", "failures.json"]) {
    expect(statSync(join(dir, name)).mode & 0o777, name).toBe(0o600);
  }
});

test("the files agree with each other and with what was recorded", () => {
  const keeper = opened();
  const feed = feeder(keeper);
  feed(1_100, [sample({ endMs: 900 }), sample({ endMs: 1_000, outcome: "timeout", serviceMs: 60_000 })], gauges());
  keeper.flush();
  feed(3_900, [sample({ endMs: 3_200, serviceMs: 40 })], gauges({ sessionsOpen: 1 }));
  keeper.stop("run time", { [SEARCH]: { ok: 2, timeout: 1 } });

  const record = readRun(dir);
  expect(record.damage).toEqual([]);
  expect(record.file).toMatchObject({
    state: "complete",
    endReason: "run time",
    operations: {
      [SEARCH]: { count: 3, failures: 1, bytesIn: 300, outcomes: { ok: { count: 2 }, timeout: { count: 1 } } },
    },
    hidden: { "learn:notifications/initialized": 2 },
    sessions: { peak: 4, leftOpen: 1 },
    harnessDelay: { after: { count: 2, maxMs: 0.5 } },
    reconciled: {},
    gaps: [],
  });
  expect(loaded().toRunFile()).toEqual(
    (({ operations, auth, turns, arrivals, facts, harnessDelay, hidden, reconciled, gaps }) => ({
      operations,
      auth,
      turns,
      arrivals,
      facts,
      harnessDelay,
      hidden,
      reconciled,
      gaps,
    }))(record.file),
  );
  // The run started at .250 of its second: 0.9 s later is the next one.
  expect([...timelineRows(record)].map(({ second, operations }) => [second, operations[SEARCH]?.count])).toEqual([
    [1, 2],
    [3, 1],
    [4, undefined],
  ]);
});

test("another library's reader finds every interval under its tag", () => {
  const keeper = opened();
  feeder(keeper)(1_100, [sample(), sample({ serviceMs: 25 })]);
  keeper.stop("run time", null);
  const reader = new HistogramLogReader(readFileSync(join(dir, "latency.hlog"), "utf8"));
  const counts: Record<string, number> = {};
  for (let each = reader.nextIntervalHistogram(); each !== null; each = reader.nextIntervalHistogram()) {
    counts[each.tag] = (counts[each.tag] ?? 0) + each.totalCount;
  }
  expect(counts).toEqual({
    "learn:tools/call:search;ok;service": 2,
    "learn:tools/call:search;ok;response": 2,
    "harness-delay;after": 1,
  });
});

test("an operation moved before it was flushed leaves no trace of its first outcome", () => {
  const keeper = opened();
  const feed = feeder(keeper);
  feed(1_100, [sample()]);
  feed(1_200, [[sample(), "assertion"]]);
  keeper.stop("run time", null);
  expect(readFileSync(join(dir, "latency.hlog"), "utf8")).not.toContain("moved");
  expect(loaded().totals().operations).toEqual({ [SEARCH]: { assertion: 1 } });
});

test("an operation moved after it was flushed is taken back by a line of its own", () => {
  const keeper = opened();
  const feed = feeder(keeper);
  feed(1_100, [sample(), sample({ serviceMs: 25 })]);
  keeper.flush();
  feed(4_000, [[sample(), "assertion"]]);
  keeper.stop("run time", null);
  expect(readFileSync(join(dir, "latency.hlog"), "utf8")).toContain("Tag=learn:tools/call:search;ok;service;moved,");
  const recording = loaded();
  expect(recording.totals().operations).toEqual({ [SEARCH]: { ok: 1, assertion: 1 } });
  expect(recording.times(SEARCH, "ok", "service").summary()).toMatchObject({ count: 1, maxMs: 25 });
  expect(recording.times(SEARCH, "assertion", "service").summary()).toMatchObject({ count: 1, sumMs: 20 });
});

test("after a kill the next process continues what was committed, and the tally fills the counts", () => {
  const first = opened();
  feeder(first)(1_100, [sample({ endMs: 900 }), sample({ endMs: 950 })], gauges());
  first.flush();
  feeder(first)(1_900, [sample({ endMs: 1_800 })]); // never flushed: the process is gone

  const later = { startedAt: "2026-03-01T10:00:08.250Z", startedMs: 700 };
  const second = opened({ [SEARCH]: { ok: 3, bridge: 1 } }, later);
  feeder(second)(1_500, [sample({ endMs: 1_400, serviceMs: 80 })]);
  second.stop("run time", { [SEARCH]: { ok: 4, bridge: 1 } });

  const { file } = readRun(dir);
  expect(file.startedAt).toBe(STARTED_AT);
  expect(file.operations[SEARCH]?.outcomes).toMatchObject({
    ok: { count: 4, times: { service: { count: 3, maxMs: 80, sumMs: 120 } } },
    bridge: { count: 1, times: {} },
  });
  expect(file.reconciled).toEqual({ [SEARCH]: { ok: 1, bridge: 1 } });
  expect(file.gaps).toMatchObject([{ cause: "bridge-lost", lostLatencies: 2 }]);
  expect([...timelineRows({ dir, file })].map(({ second }) => second)).toEqual([8, 9]);
});

test("what a killed process wrote behind its last commit is cut off, torn lines too", () => {
  const first = opened();
  feeder(first)(1_100, [sample()]);
  first.flush();
  appendFileSync(join(dir, "latency.hlog"), "Tag=learn:tools/call:search;ok;service,1772359201.000,1.000,20.0");
  appendFileSync(join(dir, "timeline.jsonl"), '{"second":1,"opera');
  expect(loaded().totals().operations).toEqual({ [SEARCH]: { ok: 1 } });

  const second = opened({ [SEARCH]: { ok: 1 } });
  second.stop("run time", null);
  expect(readFileSync(join(dir, "latency.hlog"), "utf8").endsWith("\n")).toBe(true);
  expect(readRun(dir).file).toMatchObject({ operations: { [SEARCH]: { count: 1 } }, gaps: [] });
});

test("a log that lost its end is read as far as it goes, and the record says so", () => {
  const keeper = opened();
  feeder(keeper)(1_100, [sample(), sample({ name: "learn:ping" })]);
  keeper.stop("run time", null);
  truncateSync(join(dir, "latency.hlog"), statSync(join(dir, "latency.hlog")).size - 5);
  const record = readRun(dir);
  expect(record.damage).toEqual([expect.stringContaining("latency.hlog is cut")]);
  expect(loadRecording(record).recording.totals().operations).toEqual({ [SEARCH]: { ok: 1 }, "learn:ping": { ok: 1 } });
});

test("a complete record is not overwritten, unless a tally says that the run goes on", () => {
  opened().stop("run time", null);
  expect(() => opened()).toThrow(expect.objectContaining({ code: "RECORD_EXISTS" }));
  expect(() => opened({})).not.toThrow();
});

test("a folder that was removed under a running test is written anew, with everything", () => {
  const keeper = opened();
  feeder(keeper)(1_100, [sample()]);
  keeper.flush();
  rmSync(dir, { recursive: true });
  feeder(keeper)(2_100, [sample({ endMs: 2_000 })]);
  keeper.stop("run time", null);
  expect(loaded().times(SEARCH, "ok", "service").count).toBe(2);
  expect(readRun(dir).file.gaps).toMatchObject([{ cause: "folder-lost", lostLatencies: 0 }]);
});

test("while the disk refuses, counting goes on; when it takes again nothing is missing", () => {
  const keeper = opened();
  // A file where the folder was: refused for every user, root included.
  rmSync(dir, { recursive: true });
  writeFileSync(dir, "");
  const feed = feeder(keeper);
  for (let second = 1; second < 100; second++) {
    feed(second * 1_000, [sample({ endMs: second * 1_000 })]);
    keeper.flush();
  }
  expect(warnings).toEqual([expect.stringContaining("cannot be written")]);
  expect(keeper.totals().operations).toEqual({ [SEARCH]: { ok: 99 } });
  rmSync(dir);
  keeper.stop("run time", null);
  expect(warnings).toHaveLength(2);
  expect(loaded().times(SEARCH, "ok", "service").count).toBe(99);
});

test("a place that cannot be written is refused at the start", () => {
  const root = newRoot();
  writeFileSync(join(root, "run"), "");
  dir = join(root, "run", "below");
  expect(() => opened()).toThrow(expect.objectContaining({ code: "RECORD_NOT_WRITABLE" }));
});

test.skipIf(process.getuid?.() === 0)("a read-only folder is refused at the start", () => {
  const root = newRoot();
  chmodSync(root, 0o500);
  dir = join(root, "run");
  expect(() => opened()).toThrow(expect.objectContaining({ code: "RECORD_NOT_WRITABLE", detail: expect.anything() }));
});

import { join } from "node:path";
import { expect, test } from "vitest";
import { notMeasured } from "../../record/not-measured.ts";
import { notMeasuredText } from "../../record/not-measured-lines.ts";
import { PartWriter } from "../../record/part-writer.ts";
import { type RunRecord, readRun } from "../../record/read-run.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { Sample } from "../../record/sample.ts";
import { arrivalName } from "../../record/section.ts";
import { identity, newRoot, SEARCH, STARTED_AT, sample } from "./samples.ts";

const START_SECOND = Math.floor(Date.parse(STARTED_AT) / 1000);

/** As a bridge would have left it: 100 good answers in ten seconds, everything measured, unless `samples` say otherwise. */
const recordOf = (samples: readonly Sample[] = [], changes: Partial<RunFile> = {}): RunRecord => {
  const { id, versions } = identity();
  const dir = join(newRoot(), id);
  const writer = new PartWriter(dir, {
    ...{ id, part: null, versions: { ...versions }, plan: {} },
    servers: { learn: { url: "https://learn.example/mcp", targetClass: "public" } },
    startedAt: STARTED_AT,
    endedAt: "2026-03-01T10:00:10.250Z",
    endReason: "run time",
    lastSecond: START_SECOND + 10,
  });
  for (let call = 0; call < 100; call++) writer.record(sample({ beforeMs: 0.5 }), START_SECOND + (call % 10));
  for (const each of samples) writer.record(each, START_SECOND + 5);
  writer.complete(undefined);
  const record = readRun(dir);
  const { generator, facts } = record.file;
  const file: RunFile = {
    ...record.file,
    generator: { ...generator, seconds: 10 },
    facts: { ...facts, serverMemory: { learn: { readings: [], failed: 0 } } },
    arrivals: { ...record.file.arrivals, [arrivalName("learn", "Slow")]: record.file.operations[SEARCH] },
    ...changes,
  } as RunFile;
  return { ...record, file };
};

const whatOf = (record: RunRecord): string[] => notMeasured(record).map(({ what }) => what);
const many = (count: number, fields: Partial<Sample>): Sample[] => Array.from({ length: count }, () => sample(fields));

test("of a run in which everything was measured nothing is said", () => {
  expect(whatOf(recordOf())).toEqual([]);
  expect(notMeasuredText(recordOf())).toBe("");
});

test("a generator and a harness delay that nobody measured are missing", () => {
  const { file } = recordOf();
  const none = { ...file.harnessDelay.before, count: 0 };
  const changes = {
    generator: { ...file.generator, seconds: 0 },
    harnessDelay: { before: none, after: none },
  };
  expect(whatOf(recordOf([], changes))).toEqual(["the generator", "harness delay"]);
});

test("times that were lost are counted", () => {
  const gaps = [{ at: STARTED_AT, cause: "bridge-lost" as const, lostLatencies: 1_200 }];
  expect(whatOf(recordOf([], { gaps }))).toEqual(["times of 1,200 operations"]);
});

test("failures of more than one in a hundred hide a tail; what was cut off or not expected does not", () => {
  expect(whatOf(recordOf(many(5, { outcome: "timeout" })))).toEqual([`the slowest of ${SEARCH}: 4.8% failed`]);
  expect(whatOf(recordOf(many(1, { outcome: "timeout" })))).toEqual([]);
  expect(whatOf(recordOf(many(50, { outcome: "cancelled" })))).toEqual([]);
  expect(whatOf(recordOf(many(50, { outcome: "assertion" })))).toEqual([]);
});

test("a dropped start waited for longer than any that began", () => {
  const dropped = many(3, { name: arrivalName("learn", "Fast"), outcome: "dropped" });
  expect(whatOf(recordOf(dropped))).toEqual(["the wait of 3 dropped starts"]);
});

test("a p99 that the sample cannot carry is named, several are counted", () => {
  expect(whatOf(recordOf(many(5, { name: "learn:ping" })))).toEqual(["p99 of learn:ping"]);
  expect(whatOf(recordOf([sample({ name: "learn:ping" }), sample({ name: "learn:tools/list" })]))).toEqual([
    "p99 of 2 names",
  ]);
});

test.each([
  ["loopback", "users' network (targets on loopback)"],
  ["private", "users' network (targets on a private network)"],
])("a target on %s has no network of its users", (targetClass, what) => {
  expect(whatOf(recordOf([], { servers: { learn: { targetClass } } }))).toEqual([what]);
});

test("what came while users were started is told as a share of all", () => {
  expect(whatOf(recordOf([], { plan: { users: 4, spawnRate: 2 } }))).toEqual([
    "a warm-up (20% of operations came while users started)",
  ]);
  expect(whatOf(recordOf([], { plan: { users: 4, spawnRate: null } }))).toEqual([]);
});

test("without an arrival rate a slow server was asked less", () => {
  expect(whatOf(recordOf([], { arrivals: {} }))).toEqual(["queues at a fixed rate"]);
});

test("the memory of servers is missing for all or for some", () => {
  expect(whatOf(recordOf([], { facts: {} }))).toEqual(["server memory"]);
  const other = many(100, { name: "github:tools/call:get_me" });
  expect(whatOf(recordOf(other))).toEqual(["memory of github"]);
});

test("a name can do nothing in the text, and what weighs most comes first", () => {
  const record = recordOf(many(5, { name: "learn:tools/call:a\u001b[2Jb" }), { arrivals: {}, facts: {} });
  expect(notMeasuredText(record)).toBe("p99 of learn:tools/call:ab; queues at a fixed rate; server memory");
});

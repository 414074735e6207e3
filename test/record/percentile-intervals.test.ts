import { join } from "node:path";
import { expect, test } from "vitest";
import { PartWriter } from "../../record/part-writer.ts";
import { intervalsOf, intervalsOfName } from "../../record/percentile-intervals.ts";
import { readRun } from "../../record/read-run.ts";
import { identity, newRoot, SEARCH, STARTED_AT, sample } from "./samples.ts";

const START_SECOND = Math.floor(Date.parse(STARTED_AT) / 1000);

/** 100 calls in each of 30 seconds. */
const recordWhere = (isSlow: (second: number, call: number) => boolean) => {
  const { id, part, plan, versions, servers } = identity();
  const dir = join(newRoot(), "run");
  const endedAt = new Date((START_SECOND + 30) * 1000).toISOString();
  const writer = new PartWriter(dir, {
    ...{ id, part, plan: { ...plan }, versions: { ...versions }, servers: { learn: { ...servers.learn } } },
    startedAt: STARTED_AT,
    endedAt,
    endReason: null,
    lastSecond: START_SECOND + 30,
  });
  for (let second = 0; second < 30; second++) {
    for (let call = 0; call < 100; call++) {
      const serviceMs = isSlow(second, call) ? 800 + call : 20 + call / 100;
      writer.record(sample({ serviceMs, responseMs: serviceMs + 5 }), START_SECOND + second);
    }
    writer.record(sample({ outcome: "timeout", serviceMs: 60_000 }), START_SECOND + second);
  }
  writer.complete(undefined);
  return readRun(dir);
};

test("a name's ok answers have an interval around each percentile, for either time", () => {
  const record = recordWhere((_second, call) => call < 5);
  const each = intervalsOf(record).get(SEARCH);
  expect(each?.count).toBe(3_000);
  expect(each?.p50Ms.lowMs).toBeGreaterThan(20);
  expect(each?.p50Ms.highMs).toBeLessThan(21);
  expect(each?.p99Ms.lowMs).toBeGreaterThan(799);
  expect(each?.p99Ms.highMs).toBeLessThan(806);
  expect(intervalsOf(record, "response").get(SEARCH)?.p99Ms.lowMs).toBeGreaterThan(804);
});

test("slow calls in a single stretch of the run leave it open how slow the slowest are", () => {
  const each = intervalsOf(recordWhere((second) => second === 12)).get(SEARCH);
  expect(each?.p50Ms.highMs).toBeLessThan(21);
  expect(each?.p99Ms.highMs).toBeNull();
});

test("of one name alone they are the same", () => {
  const record = recordWhere((_second, call) => call < 5);
  const alone = intervalsOfName(record, SEARCH, "service");
  expect(alone?.p99Ms).toEqual(intervalsOf(record).get(SEARCH)?.p99Ms);
  expect(intervalsOfName(record, SEARCH, "service")).toBe(intervalsOf(record).get(SEARCH));
  expect(intervalsOfName(record, "learn:ping", "service")).toBeNull();
});

test("the log is read once", () => {
  const record = recordWhere(() => false);
  expect(intervalsOf(record)).toBe(intervalsOf(record));
  expect(intervalsOf(record, "response")).not.toBe(intervalsOf(record));
});

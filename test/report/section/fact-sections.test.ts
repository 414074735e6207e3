import { beforeAll, expect, test } from "vitest";
import type { RunRecord } from "../../../record/read-run.ts";
import { serversSection } from "../../../report/section/servers.ts";
import { streamsSection } from "../../../report/section/streams.ts";
import { turnsSection } from "../../../report/section/turns.ts";
import { cellsOf, contextWith, tablesOf, withHead, writtenRecord } from "./over-time-sections.ts";

let record: RunRecord;

beforeAll(() => {
  record = writtenRecord({ seconds: 2, names: 1, calls: 20 });
});

const times = (ms: number) => ({
  count: 4,
  minMs: ms,
  meanMs: ms,
  p50Ms: ms,
  p90Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
  p999Ms: ms,
  maxMs: ms,
  sumMs: 4 * ms,
});
const factTimes = { ...times(10), buckets: [] };

test("a run without turns, streams and connections has none of these sections", () => {
  const context = contextWith(record);
  expect([turnsSection(context), streamsSection(context), serversSection(context)]).toEqual([null, null, null]);
});

test("turns are counted and timed, with how many calls there were for each", () => {
  const operations = record.file.operations;
  const turns = {
    "learn:turn:research": {
      count: 5,
      failures: 1,
      bytesIn: 0,
      bytesOut: 0,
      outcomes: { ok: { count: 4, times: { service: times(80) } }, timeout: { count: 1, times: {} } },
      all: {},
    },
  };
  const section = turnsSection(contextWith(withHead(record, { turns, operations })));
  expect(cellsOf(tablesOf(section)[0])).toEqual([["learn: research", "5", "20% (1)", "80", "~80", "~80", "80"]]);
  expect(section?.blocks[1]).toEqual({
    kind: "list",
    items: ["learn: 4.0 tool calls for each turn, those outside of turns included"],
  });
});

test("calls that asked for progress and were told of none stand out", () => {
  const streams = {
    "learn:tools/call:slow": {
      streams: 3,
      events: 9,
      largestGapMs: 400,
      gaps: factTimes,
      progress: { asked: 4, told: 1, notifications: 3, first: factTimes, gaps: factTimes },
    },
  };
  const [table] = tablesOf(streamsSection(contextWith(withHead(record, { facts: { streams } }))));
  expect(table?.rows[0]?.[7]).toMatchObject({ text: "1", tone: "warning" });
});

test("another session's mark in an answer is told as bad", () => {
  const isolation = {
    learn: { answers: 10, marked: 8, echoed: 7, ofSession: 0, swapped: 0, leaked: 1, leakedFromElsewhere: 0 },
  };
  const [table] = tablesOf(serversSection(contextWith(withHead(record, { facts: { isolation } }))));
  expect(table?.rows[0]?.[4]).toEqual({ text: "1", sort: 1, tone: "bad" });
});

test("what connections could not be made is told by the system's code", () => {
  const connections = {
    learn: {
      requests: 20,
      opened: { "http/1.1": 2, h2: 40 },
      reused: 18,
      closedByServer: 1,
      closedByUs: 0,
      failed: { ECONNREFUSED: 3 },
      peakOpen: 4,
      peakStreams: 0,
      spans: [],
    },
  };
  const [table] = tablesOf(serversSection(contextWith(withHead(record, { facts: { connections } }))));
  expect(cellsOf(table)).toEqual([["learn", "2 http/1.1, 40 h2", "20", "18", "4", "0", "1", "3 ECONNREFUSED"]]);
});

import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lineOf } from "../../record/latency-log.ts";
import { loadRecording, type RunRecord, readRun } from "../../record/read-run.ts";
import { Times } from "../../record/times.ts";
import { overTime } from "../../report/over-time.ts";
import { writeLargeRecord } from "./large-record.ts";

const root = mkdtempSync(join(tmpdir(), "over-time-"));
let record: RunRecord;

beforeAll(() => {
  const dir = join(root, "run");
  writeLargeRecord(dir, { seconds: 1_300, names: 6, calls: 8_000 });
  record = readRun(dir);
});
afterAll(() => rmSync(root, { recursive: true }));

const sum = (column: readonly number[]): number => column.reduce((total, each) => total + each, 0);

const joined = (slots: readonly Times[]): Times => {
  const all = new Times();
  for (const each of slots) all.add(each);
  return all;
};

test("a long run is joined to fewer than 600 slots, and no call is lost or counted twice", () => {
  const { slots, timeline, latency } = overTime(record);
  expect(slots.widthSeconds).toBe(5);
  expect(slots.count).toBe(261);
  const all = Object.values(record.file.operations);
  expect(sum(timeline.ended)).toBe(8_000);
  expect(sum(timeline.failed)).toBe(sum(all.map(({ failures }) => failures)));
  expect(sum(timeline.rows)).toBe(1_300);
  expect(joined(latency.all).count).toBe(sum(all.map(({ outcomes }) => outcomes.ok?.count ?? 0)));
});

test("failures have their reasons by slot, also those that never had a time", () => {
  const { timeline } = overTime(record);
  const told = new Map<string, number>();
  for (const { outcomes } of Object.values(record.file.operations)) {
    for (const [reason, { count = 0 } = {}] of Object.entries(outcomes)) {
      if (reason !== "ok") told.set(reason, (told.get(reason) ?? 0) + count);
    }
  }
  expect(told.get("connect")).toBeGreaterThan(0);
  expect(Object.fromEntries([...timeline.reasons].map(([reason, column]) => [reason, sum(column)]))).toEqual(
    Object.fromEntries(told),
  );
});

test("a slot's percentile is that of all its calls, as added histograms have it", () => {
  const { latency } = overTime(record);
  const slots = joined(latency.byServer.get("learn")?.slots ?? []);
  const { recording } = loadRecording(record);
  const names = Object.keys(record.file.operations).filter((name) => name.startsWith("learn:"));
  const whole = joined(names.map((name) => recording.times(name, "ok", "service")));
  expect(slots.count).toBeGreaterThan(1_000);
  expect(slots.buckets()).toEqual(whole.buckets());
});

test("a gauge is joined by its mean, and null stands where there was no reading", () => {
  const { timeline } = overTime(record);
  expect(timeline.gauges.users[200]).toBe(400);
  expect(timeline.gauges.users[0]).toBeLessThan(10);
  expect(timeline.gauges.linkLagMs[0]).toBeNull();
  expect(timeline.arrivals).toBeNull();
});

test("times that a later line takes back are in no slot, though their call ended in an earlier one", () => {
  const dir = join(root, "moved");
  writeLargeRecord(dir, { seconds: 20, names: 1, calls: 200 });
  const before = readRun(dir);
  const held = overTime(before).latency.all[9] ?? new Times();
  const line = lineOf({
    series: { name: "learn:tools/call:tool_0", outcome: "ok", kind: "service", isMoved: true },
    startSecond: Math.floor(Date.parse(before.file.startedAt) / 1000) + 11,
    seconds: 1,
    times: held,
  });
  appendFileSync(join(dir, "latency.hlog"), line);
  const latencyBytes = before.file.files.latencyBytes + line.length;
  const after = { ...before, file: { ...before.file, files: { ...before.file.files, latencyBytes } } };
  const { latency } = overTime(after);
  expect(held.count).toBeGreaterThan(5);
  expect(joined(latency.all).count).toBe(joined(overTime(before).latency.all).count - held.count);
});

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadRecording, readRun } from "../../record/read-run.ts";
import { okRecording } from "../../report/ok-recording.ts";
import { writeLargeRecord } from "./large-record.ts";

const dir = join(mkdtempSync(join(tmpdir(), "ok-recording-")), "run");

test("its service times are those that the whole record has", () => {
  writeLargeRecord(dir, { seconds: 30, names: 4, calls: 600 });
  const record = readRun(dir);
  const whole = loadRecording(record).recording;
  const { recording } = okRecording(record);
  for (const name of Object.keys(record.file.operations)) {
    const times = recording.times(name, "ok", "service");
    expect([name, times.buckets()]).toEqual([name, whole.times(name, "ok", "service").buckets()]);
    expect(recording.times(name, "ok", "response").count).toBe(0);
  }
});

test("where starts were planned it has the response times, too", () => {
  const record = readRun(dir);
  const arrivals = {
    "learn:arrival:LearnUser": { count: 1, failures: 0, bytesIn: 0, bytesOut: 0, outcomes: {}, all: {} },
  };
  const { recording } = okRecording({ ...record, file: { ...record.file, arrivals } });
  const ok = record.file.operations["learn:tools/call:tool_0"]?.outcomes.ok?.times.response;
  expect(recording.times("learn:tools/call:tool_0", "ok", "response").count).toBe(ok?.count);
});

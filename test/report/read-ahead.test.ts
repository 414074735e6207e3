import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serverViews } from "../../diagnosis/server-view.ts";
import { Measured } from "../../gate/measured.ts";
import { lineOf } from "../../record/latency-log.ts";
import { intervalsOf } from "../../record/percentile-intervals.ts";
import { loadRecording, type RunRecord, readRun } from "../../record/read-run.ts";
import { serverSeconds } from "../../record/server-seconds.ts";
import { Times } from "../../record/times.ts";
import { overTime } from "../../report/over-time.ts";
import { readAhead } from "../../report/read-ahead.ts";
import { writeLargeRecord } from "./large-record.ts";

const NAME = "learn:tools/call:tool_0";

/** With a time that is taken back. @param isPlanned whether users of one server begin at planned moments */
const recordIn = (dir: string, isPlanned: boolean): (() => RunRecord) => {
  writeLargeRecord(dir, { seconds: 120, names: 6, calls: 3_000 });
  const { file } = readRun(dir);
  const times = new Times();
  times.addBucket(loadedBucket(readRun(dir)), 1);
  const series = { name: NAME, outcome: "ok", kind: "service", isMoved: true } as const;
  const startSecond = Math.floor(Date.parse(file.startedAt) / 1000) + 119;
  const line = lineOf({ series, startSecond, seconds: 1, times });
  appendFileSync(join(dir, "latency.hlog"), line);
  const files = { ...file.files, latencyBytes: file.files.latencyBytes + line.length };
  const arrivals = isPlanned ? { "learn:arrival": Object.values(file.operations)[0] as never } : {};
  // A head of its own each time: what has been read is kept as long as the head is.
  return () => {
    const record = readRun(dir);
    return { ...record, file: { ...record.file, arrivals, files } };
  };
};

const loadedBucket = (record: RunRecord): number => {
  let first = -1;
  loadRecording(record)
    .recording.times(NAME, "ok", "service")
    .forEachBucket((bucket) => {
      first = first === -1 ? bucket : first;
    });
  return first;
};

/** All that a report reads of the two logs. Histograms as what they hold: none of it is in fields that a comparison sees. */
const readOf = (record: RunRecord): unknown =>
  JSON.parse(
    JSON.stringify(
      {
        over: overTime(record),
        intervals: [intervalsOf(record), intervalsOf(record, "response")],
        gate: [null, ...Object.keys(record.file.operations)].map((name) => new Measured(record).responseTimes(name)),
        seconds: ["learn", "context7"].map((server) => serverSeconds(record, server)),
        views: serverViews(record),
      },
      (_key, value) => {
        if (value instanceof Times) return [value.summary(), value.buckets()];
        return value instanceof Map ? [...value] : value;
      },
    ),
  );

test.each([
  ["of users that take turns", false],
  ["of planned starts", true],
])("what is read together %s is what each reads alone, and the files are not read again", (_of, isPlanned) => {
  const dir = join(mkdtempSync(join(tmpdir(), "read-ahead-")), "run");
  const record = recordIn(dir, isPlanned);
  const alone = readOf(record());
  const together = record();
  readAhead(together);
  if (!isPlanned) intervalsOf(together, "response");
  rmSync(dir, { recursive: true });
  expect(readOf(together)).toEqual(alone);
});

test("the gate's times are those of the whole recording, what was taken back left out", () => {
  const record = recordIn(join(mkdtempSync(join(tmpdir(), "read-ahead-")), "run"), false)();
  readAhead(record);
  const { recording } = loadRecording(record);
  const sum = new Times();
  for (const { name, kind, times } of recording.series()) if (name === NAME && kind === "service") sum.add(times);
  const times = new Measured(record).responseTimes(NAME);
  expect(times.buckets()).toEqual(sum.buckets());
  expect(times.summary()).toEqual(sum.summary());
});

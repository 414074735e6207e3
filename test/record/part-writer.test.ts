import { join } from "node:path";
import { expect, test } from "vitest";
import { PartWriter } from "../../record/part-writer.ts";
import { loadRecording, readRun, timelineRows } from "../../record/read-run.ts";
import { Recording } from "../../record/recording.ts";
import type { Sample } from "../../record/sample.ts";
import { identity, newRoot, STARTED_AT, sample } from "./samples.ts";

const FIRST = Math.floor(Date.parse(STARTED_AT) / 1000);

/** @param mostOpen names in open seconds */
const written = (samples: readonly (readonly [second: number, fields: Partial<Sample>])[], mostOpen?: number) => {
  const { startedMs: _, ...head } = identity({ part: "engine-1" });
  const dir = join(newRoot(), "parts", "engine-1");
  const writer = new PartWriter(dir, { ...head, endedAt: null, endReason: "done", lastSecond: FIRST + 100 }, mostOpen);
  const all = new Recording();
  for (const [second, fields] of samples) {
    writer.record(sample(fields), FIRST + second);
    all.record(sample(fields));
  }
  writer.complete(undefined);
  const record = readRun(dir);
  const rows = [...timelineRows(record)].map(({ second, operations }) => [
    second,
    Object.values(operations).reduce((sum, { count }) => sum + count, 0),
  ]);
  return { record, rows, moved: writer.moved, all };
};

test("a record is the same however few seconds are held open", () => {
  const samples = Array.from({ length: 300 }, (_, index) => [
    Math.floor(index / 10),
    { name: `learn:tools/call:t${index % 7}`, serviceMs: 1 + index },
  ]) as [number, Partial<Sample>][];
  const wide = written(samples);
  const narrow = written(samples, 8);
  expect(narrow.record.file.operations).toEqual(wide.record.file.operations);
  expect(narrow.record.file.operations).toEqual(wide.all.toRunFile().operations);
  expect(narrow.rows).toEqual(wide.rows);
  expect(narrow.moved).toBe(0);
  expect(loadRecording(narrow.record).recording.toRunFile().operations).toEqual(narrow.record.file.operations);
});

test("what comes after its second was written stands in the next open one, counted as moved", () => {
  const names = ["a:x", "a:y", "a:z"].map((name) => ({ name }));
  const fill = [1, 2, 3, 4].flatMap((second) => names.map((name): [number, Partial<Sample>] => [second, name]));
  const { record, rows, moved } = written([...fill, [1, { name: "a:x" }]], 8);
  expect(record.file.operations["a:x"]?.count).toBe(5);
  expect(rows).toEqual([
    [1, 3],
    [2, 3],
    [3, 4],
    [4, 3],
  ]);
  expect(moved).toBe(1);
});

test("a single second with more names than may be open is written whole", () => {
  const samples = Array.from({ length: 30 }, (_, index): [number, Partial<Sample>] => [5, { name: `a:n${index}` }]);
  const { rows, moved } = written(samples, 8);
  expect(rows).toEqual([[5, 30]]);
  expect(moved).toBe(0);
});

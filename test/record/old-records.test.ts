import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { intervalsOf } from "../../record/percentile-intervals.ts";
import { loadRecording, readRun, timelineRows } from "../../record/read-run.ts";
import { summarize } from "../../record/summary.ts";
import { newRoot } from "./samples.ts";

/** Real records of earlier versions, cut down to a few names. */
const FIXTURES = join(import.meta.dirname, "fixtures");

test.each(readdirSync(FIXTURES))("a record of an earlier version still opens: %s", (name) => {
  const record = readRun(join(FIXTURES, name));
  const { file } = record;
  expect(record.damage).toEqual([]);
  const { recording, brokenLines } = loadRecording(record);
  expect(brokenLines).toBe(0);
  expect(recording.toRunFile().operations).toMatchObject(
    Object.fromEntries(Object.entries(file.operations).map(([key, { count, failures }]) => [key, { count, failures }])),
  );
  for (const [key, { outcomes }] of Object.entries(file.operations)) {
    const { count = 0, p99Ms = 0 } = outcomes.ok?.times.service ?? {};
    const each = intervalsOf(record).get(key);
    expect(each?.count).toBe(count);
    expect(each?.times.percentileMs(99)).toBeCloseTo(p99Ms, 3);
  }
  expect([...timelineRows(record)].length).toBeGreaterThan(1);
  expect(summarize(record)).toContain("operations in");
});

test("a record of a later version is refused, by the version it has and the one that is known", () => {
  const dir = join(newRoot(), "later");
  cpSync(join(FIXTURES, "before-auth"), dir, { recursive: true });
  const text = readFileSync(join(dir, "run.json"), "utf8");
  writeFileSync(join(dir, "run.json"), text.replace('"schema": 1', '"schema": 7'));
  expect(() => readRun(dir)).toThrow(
    expect.objectContaining({ code: "RECORD_SCHEMA", detail: { dir, schema: 7, known: 1 } }),
  );
});

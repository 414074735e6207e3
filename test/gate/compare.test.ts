import { expect, test } from "vitest";
import { compareRuns } from "../../gate/compare.ts";
import { compareLines } from "../../gate/compare-text.ts";
import type { Sample } from "../../record/sample.ts";
import { arrivalName } from "../../record/section.ts";
import { SEARCH, sample } from "../record/samples.ts";
import { resultsFolder, writeRecord } from "./written-record.ts";

const many = (count: number, fields: Partial<Sample> = {}): Sample[] =>
  Array.from({ length: count }, () => sample(fields));

const compared = () => {
  const results = resultsFolder();
  const before = writeRecord(results, [...many(10, { serviceMs: 100 }), ...many(10, { name: "learn:old" })], {
    id: "one",
  });
  const after = writeRecord(
    results,
    [
      ...many(18, { serviceMs: 150 }),
      ...many(2, { serviceMs: 150, outcome: "timeout" }),
      ...many(5, { name: "learn:new", outcome: "connect", serviceMs: undefined }),
    ],
    { id: "two" },
  );
  return compareRuns(before, after);
};

test("two runs are compared name by name, all operations together first", () => {
  const { before, after, rows } = compared();
  expect([before, after]).toEqual(["one", "two"]);
  expect(rows.map(({ name }) => name)).toEqual([null, "learn:new", "learn:old", SEARCH]);
  const search = rows.at(-1);
  expect(search?.before).toMatchObject({ count: 10, errorPercent: 0 });
  expect(search?.after).toMatchObject({ count: 20, errorPercent: 10 });
  expect(search?.changePercent.p95Ms).toBeCloseTo(50, 0);
});

test("a name that only one run has has no change, and one without times has no percentile", () => {
  const { rows } = compared();
  expect(rows[1]).toMatchObject({ before: null, after: { count: 5, p95Ms: null }, changePercent: { p95Ms: null } });
  expect(rows[2]).toMatchObject({ before: { count: 10 }, after: null });
});

test("times that count from the planned start in one run alone are compared with a warning", () => {
  const results = resultsFolder();
  const start = sample({ name: arrivalName("learn", "Slow"), serviceMs: 1, responseMs: 1 });
  const paced = writeRecord(results, many(10, { serviceMs: 100, responseMs: 101 }), { id: "paced" });
  const planned = writeRecord(results, [start, ...many(10, { serviceMs: 100, responseMs: 900 })], { id: "planned" });
  const comparison = compareRuns(paced, planned);
  expect(comparison.rows[0]?.after?.p50Ms).toBeCloseTo(900, -1);
  expect(comparison.notes).toEqual(["times of learn count from the planned start in planned alone (arrival rate)"]);
  expect(compareLines(comparison, { columns: 140 }).at(-1)).toContain("in planned alone");
  expect(compareRuns(planned, planned).notes).toEqual([]);
});

test("the table shows both runs and the change", () => {
  const lines = compareLines(compared(), { columns: 140 });
  expect(lines[0]).toBe("one > two");
  expect(lines.find((line) => line.includes("search"))).toMatch(/10 > 20 +0\.0% > 10\.0% +100 > 150 +\+50%/);
  expect(lines.find((line) => line.includes("learn:new"))).toMatch(/learn:new \(only after\) +- > 5 /);
  for (const line of compareLines(compared())) expect(line.length).toBeLessThanOrEqual(110);
});

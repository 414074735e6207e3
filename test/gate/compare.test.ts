import { expect, test } from "vitest";
import { compareRuns } from "../../gate/compare.ts";
import { compareLines } from "../../gate/compare-text.ts";
import type { Sample } from "../../record/sample.ts";
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

test("the table shows both runs and the change", () => {
  const lines = compareLines(compared(), { columns: 140 });
  expect(lines[0]).toBe("one > two");
  expect(lines.find((line) => line.includes("search"))).toMatch(/10 > 20 +0\.0% > 10\.0% +100 > 150 +\+50%/);
  expect(lines.find((line) => line.includes("learn:new"))).toMatch(/learn:new \(only after\) +- > 5 /);
  for (const line of compareLines(compared())) expect(line.length).toBeLessThanOrEqual(110);
});

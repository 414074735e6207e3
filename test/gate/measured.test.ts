import { expect, test } from "vitest";
import { judge } from "../../gate/judge.ts";
import { verdictText } from "../../gate/verdict-text.ts";
import { sample } from "../record/samples.ts";
import { criteria } from "./criteria.ts";
import { resultsFolder, writeRecord } from "./written-record.ts";

/** Durations of the calls of a run, and what of them is broken. */
const broken = (durationsMs: readonly number[], ...texts: readonly string[]): readonly string[] => {
  const samples = durationsMs.map((serviceMs) => sample({ serviceMs, responseMs: serviceMs }));
  return judge(writeRecord(resultsFolder(), samples), criteria(...texts))
    .rows.filter(({ status }) => status === "failed")
    .map(({ criterion }) => criterion);
};

const MANY = Array.from({ length: 99 }, () => 2000);

test("a percentile of whole milliseconds equals its limit: only >= and <= hold", () => {
  const texts = [">", "<", ">=", "<="].map((condition) => `p95(response_time_ms) ${condition} 2000`);
  expect(broken([...MANY, 2600], ...texts)).toEqual([texts[2], texts[3]]);
});

test("a limit beside the percentile's bucket is not equal to it", () => {
  expect(broken([...MANY, 2600], "p95(response_time_ms) > 1999", "p95(response_time_ms) < 2001")).toHaveLength(2);
});

test("averages and bounds are exact, however close the limit", () => {
  expect(
    broken(
      [2000, 2000.4],
      "max(response_time_ms) > 2000",
      "min(response_time_ms) < 2000.1",
      "avg(response_time_ms) > 2000.1",
    ),
  ).toHaveLength(3);
});

test("a percentile that equals its limit is shown as the limit", () => {
  const samples = MANY.map((serviceMs) => sample({ serviceMs, responseMs: serviceMs }));
  const verdict = judge(
    writeRecord(resultsFolder(), [...samples, sample({ serviceMs: 2600 })]),
    criteria("p95(response_time_ms) > 2000"),
  );
  expect(verdict.rows[0]).toMatchObject({ actualValue: 2000, status: "passed" });
  expect(verdictText(verdict, { columns: 80, color: false })).toMatch(
    /p95\(response_time_ms\) > 2000 \(local\) +2,000 ms {2}passed/,
  );
});

test("a limit beyond what a histogram can hold is never equal to its last bucket", () => {
  expect(broken([3_600_000], "p95(response_time_ms) >= 3700000")).toEqual([]);
});

import { expect, test } from "vitest";
import { Times, toUs } from "../../../record/times.ts";
import type { ComparedPicture } from "../../../report/compare/compared-picture.ts";
import { leftOutText, overlaidCharts } from "../../../report/compare/overlaid-charts.ts";

/** All calls of a run as long, in so many blocks of a second. */
const picture = (id: string, ms: number, seconds: number): ComparedPicture => {
  const whole = new Times();
  const blocks = Array.from({ length: seconds }, () => {
    const times = new Times();
    for (let call = 0; call < 10; call++) times.record(toUs(ms));
    whole.add(times);
    return { seconds: 1, count: 10, failures: 0, times };
  });
  return { id, times: whole, blocks };
};

test("a slower run's spread lies further to the right, and each run's shares are all of its calls", () => {
  const spread = overlaidCharts([picture("a", 100, 3), picture("b", 200, 3)])[1];
  if (spread?.type !== "lines") throw new Error("no lines");
  const [a, b] = spread.series.map(({ values }) => values);
  const peak = (values: readonly (number | null)[] | undefined): number => values?.indexOf(100) ?? -1;
  expect(peak(a)).toBe(0);
  expect(spread.x.values[peak(b)]).toBeGreaterThan(150);
  expect(spread.x.values[peak(b)]).toBeLessThanOrEqual(200);
  expect(spread.series.every(({ values }) => values.length === spread.x.values.length)).toBe(true);
});

test("over time a shorter run ends where it ended", () => {
  const time = overlaidCharts([picture("a", 100, 6), picture("b", 200, 3)])[2];
  if (time?.type !== "lines") throw new Error("no lines");
  const b = time.series.find(({ name }) => name === "b p50");
  expect(time.says).toMatch(/p95 lay at (\d+) to \1 ms in a, at (\d+) to \2 ms in b\.$/);
  expect(b?.values.map((value) => value !== null)).toEqual([true, true, true, false, false, false]);
});

test("over time a run has one colour, its p50 a whole line and its p95 a dashed one", () => {
  const time = overlaidCharts([picture("a", 100, 6), picture("b", 200, 3)])[2];
  if (time?.type !== "lines") throw new Error("no lines");
  expect(time.series.map(({ name, line, colourOf }) => [name, line, colourOf])).toEqual([
    ["a p50", "line", undefined],
    ["b p50", "line", undefined],
    ["a p95", "dashed", "a p50"],
    ["b p95", "dashed", "b p50"],
  ]);
});

test("a bar ends at p99", () => {
  const bars = overlaidCharts([picture("a", 100, 3)])[0];
  if (bars?.type !== "bars") throw new Error("no bars");
  expect(bars.series.reduce((sum, { values }) => sum + (values[0] ?? 0), 0)).toBeCloseTo(100, 0);
});

test("of more runs than can be told apart it is said how many are drawn", () => {
  const runs = Array.from({ length: 9 }, (_, at) => picture(`run-${at}`, 100, 1));
  expect(leftOutText(runs)).toContain("8 of 9 runs are drawn");
  expect(leftOutText(runs.slice(1))).toBeNull();
  const bars = overlaidCharts(runs)[0];
  expect(bars?.type === "bars" && bars.x.labels).toHaveLength(8);
});

test("runs without good answers are not drawn", () => {
  expect(overlaidCharts([picture("a", 100, 0)])).toEqual([]);
});

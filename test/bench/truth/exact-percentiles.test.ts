import { expect, test } from "vitest";
import { percentileOf, percentilesOf } from "../../../bench/truth/exact-percentiles.ts";

test("a percentile is one of the values, by nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
  expect(percentilesOf(hundred.toReversed())).toEqual({ p50Ms: 50, p95Ms: 95, p99Ms: 99 });
  expect(percentileOf([1, 2, 3], 50)).toBe(2);
  expect(percentileOf([7], 99)).toBe(7);
  expect(percentileOf([], 99)).toBe(0);
});

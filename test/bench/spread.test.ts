import { expect, test } from "vitest";
import { spreadOf } from "../../bench/spread.ts";

test("the median of an odd number is the middle, of an even one the mean of the two middles", () => {
  expect(spreadOf([9, 1, 5]).median).toBe(5);
  expect(spreadOf([4, 1, 2, 9]).median).toBe(3);
});

test("the spread is the range over the median", () => {
  expect(spreadOf([90, 100, 120]).relative).toBeCloseTo(0.3);
  expect(spreadOf([7]).relative).toBe(0);
});

test("no values have no median", () => {
  expect(() => spreadOf([])).toThrow(RangeError);
});

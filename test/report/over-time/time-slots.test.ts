import { expect, test } from "vitest";
import { TimeSlots } from "../../../report/over-time/time-slots.ts";

test.each([
  [0.4, 1, 1],
  [20, 1, 20],
  [600, 1, 600],
  [601, 2, 301],
  [3_600, 10, 360],
  [3 * 86_400, 600, 432],
  [600 * 3_600 * 10, 36_000, 600],
])("%s seconds are joined by %s to %s slots", (seconds, width, count) => {
  const slots = new TimeSlots(seconds);
  expect([slots.widthSeconds, slots.count]).toEqual([width, count]);
  expect(slots.beginnings).toHaveLength(count);
});

test("what a clock that was set puts outside of the run stands at its ends", () => {
  const slots = new TimeSlots(100);
  expect(slots.at(-5)).toBe(0);
  expect(slots.at(1e15)).toBe(99);
});

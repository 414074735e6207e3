import { beforeEach, expect, test, vi } from "vitest";
import { StallWatch } from "../../../azure/plane/stall-watch.ts";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

test("the end comes once nothing has moved for so long, counted from the last move", () => {
  const end = vi.fn();
  const watch = new StallWatch(100, end);
  vi.advanceTimersByTime(99);
  watch.moved();
  vi.advanceTimersByTime(99);
  expect(end).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(end).toHaveBeenCalledTimes(1);
});

test("what is closed does not end", () => {
  const end = vi.fn();
  new StallWatch(100, end).close();
  vi.advanceTimersByTime(1000);
  expect(end).not.toHaveBeenCalled();
});

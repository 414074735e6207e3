import { describe, expect, test } from "vitest";
import { axisText, secondsStep } from "../../../../report/page/chart/axis-text.ts";

describe("a value of an axis", () => {
  test.each([
    [0.42, "ms", 0, "0.42 ms"],
    [41, "ms", 0, "41 ms"],
    [1283, "ms", 0, "1.28 s"],
    [1_000_000, "count", 0, "1,000,000"],
    [2.5, "percent", 0, "2.5%"],
    [0, "bytes", 0, "0 B"],
    [81_000_000, "bytes", 0, "81 MB"],
    [35.71, "perSecond", 0, "35.7/s"],
    [90, "seconds", 100, "90 s"],
    [90, "seconds", 600, "1:30"],
    [5400, "seconds", 9000, "1:30 h"],
    [3, "none", 0, "3"],
  ] as const)("%d in %s, on an axis of %d, is %s", (value, unit, span, text) => {
    expect(axisText(value, unit, span)).toBe(text);
  });

  test("of hours has its seconds where two values are less than a minute apart", () => {
    expect(axisText(7530, "seconds", 9000, 10)).toBe("2:05:30 h");
    expect(axisText(7530, "seconds", 9000, 60)).toBe("2:05 h");
    expect(axisText(90, "seconds", 600, 10)).toBe("1:30");
  });

  test("falls on what a clock shows, with no more ticks than there is room for", () => {
    expect(secondsStep(20, 8)).toBe(5);
    expect(secondsStep(3600, 8)).toBe(600);
    expect(secondsStep(30 * 86_400, 8)).toBe(4 * 86_400);
  });
});

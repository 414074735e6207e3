import { expect, test } from "vitest";
import { criesWolf, isWithin, standingOf, worstOf } from "../../../bench/truth/judgement.ts";

const TRUTH = { p50Ms: 50, p95Ms: 60, p99Ms: 400 };

test.each([
  [{ p50Ms: 51, p95Ms: 62, p99Ms: 412 }, true],
  [{ p50Ms: 51.1, p95Ms: 60, p99Ms: 400 }, false],
  [{ p50Ms: 50, p95Ms: 57.9, p99Ms: 400 }, false],
  [{ p50Ms: 50, p95Ms: 60, p99Ms: 387 }, false],
])("a report of %o is within: %s", (reported, expected) => {
  expect(isWithin({ calls: 100, reported, truth: TRUTH })).toBe(expected);
});

test("the median gets no share of the truth, also where that is large", () => {
  const truth = { p50Ms: 1000, p95Ms: 1000, p99Ms: 1000 };
  expect(isWithin({ calls: 100, reported: { ...truth, p50Ms: 1002 }, truth })).toBe(false);
});

test.each([
  [99, "p99Ms"],
  [19, "p95Ms"],
] as const)("of %i calls %s is not judged, of one more it is", (calls, key) => {
  const reported = { ...TRUTH, [key]: 1000 };
  expect(isWithin({ calls, reported, truth: TRUTH })).toBe(true);
  expect(isWithin({ calls: calls + 1, reported, truth: TRUTH })).toBe(false);
});

const WRONG = { p50Ms: 90, p95Ms: 90, p99Ms: 400 };

test.each([
  ["ok", "MISSED"],
  ["unknown", "MISSED"],
  ["strained", "flagged"],
  ["saturated", "flagged"],
  [null, "off"],
] as const)("a wrong report with the verdict %s is %s", (level, standing) => {
  expect(standingOf({ calls: 100, reported: WRONG, truth: TRUTH }, level)).toBe(standing);
});

test("a right report is within, whatever the verdict", () => {
  expect(standingOf({ calls: 100, reported: TRUTH, truth: TRUTH }, "saturated")).toBe("within");
});

test.each([
  ["within", "strained", 0.25, true],
  ["within", "strained", 0.24, false],
  ["within", "ok", 0.9, false],
  ["flagged", "saturated", 0.9, false],
  ["within", null, 0.9, false],
  ["within", "saturated", null, false],
] as const)("%s with the verdict %s on a machine idle by %s cries wolf: %s", (standing, level, idle, expected) => {
  expect(criesWolf(standing, level, idle)).toBe(expected);
});

test("of several runs the worst counts", () => {
  expect(worstOf(["within", "MISSED", "flagged"])).toBe("MISSED");
  expect(worstOf(["within", "flagged"])).toBe("flagged");
  expect(worstOf(["within"])).toBe("within");
});

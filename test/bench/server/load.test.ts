import { expect, test } from "vitest";
import { coresUsed } from "../../../bench/server/load.ts";

const SAMPLES = [
  { atMs: 0, cpuMs: 0 },
  { atMs: 100, cpuMs: 10 },
  { atMs: 200, cpuMs: 90 },
  { atMs: 300, cpuMs: 95 },
];

test("the use of a core is read from the samples around the window", () => {
  expect(coresUsed(SAMPLES, 100, 200)).toBeCloseTo(0.8);
  expect(coresUsed(SAMPLES, 120, 180)).toBeCloseTo(0.8);
  expect(coresUsed(SAMPLES, 0, 300)).toBeCloseTo(95 / 300);
});

test("a window outside of all samples uses nothing", () => {
  expect(coresUsed([], 0, 100)).toBe(0);
  expect(coresUsed(SAMPLES, 400, 500)).toBe(0);
});

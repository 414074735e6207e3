import { expect, test } from "vitest";
import { idleShare } from "../../../bench/truth/machine-idle.ts";

const sample = (atMs: number, idle: number, all: number) => ({ atMs, idle, all });

test("the share is of the time between two moments", () => {
  const samples = [sample(0, 0, 0), sample(100, 10, 20), sample(200, 15, 40), sample(300, 35, 60)];
  expect(idleShare(samples, 100, 200)).toBe(0.25);
});

test("nobody knows it without two samples", () => {
  expect(idleShare([], 0, 100)).toBeNull();
  expect(idleShare([sample(50, 1, 2)], 0, 100)).toBeNull();
});

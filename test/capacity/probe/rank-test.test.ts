import { expect, test } from "vitest";
import { rankTest } from "../../../capacity/probe/rank-test.ts";
import { latency, seeded } from "./probes.ts";

test("agrees with a value that was computed by hand", () => {
  // U = 60 of 64; mean 32, variance 8 * 8 * 17 / 12; z = (28 - 0.5) / 9.522 = 2.888
  const before = [1, 2, 3, 4, 5, 6, 9, 9.5];
  const after = [7, 8, 10, 11, 12, 13, 14, 15];
  const above = after.flatMap((a) => before.filter((b) => a > b)).length;
  expect(above).toBe(60);
  const { pRise, pFall } = rankTest(before, after);
  expect(pRise).toBeCloseTo(0.00194, 4);
  expect(pFall).toBeGreaterThan(0.99);
});

test("ties count half, and values that are all the same prove nothing", () => {
  expect(rankTest([5, 5, 5, 5], [5, 5, 5, 5])).toEqual({ pRise: 1, pFall: 1 });
  const { pRise, pFall } = rankTest([1, 2, 2, 3], [1, 2, 2, 3]);
  expect(pRise).toBeCloseTo(pFall, 10);
});

test("claims a rise about as often as it says, where there is none", () => {
  const random = seeded(7);
  const draw = () => Array.from({ length: 20 }, () => latency(random, 40));
  const claims = Array.from({ length: 2_000 }, () => rankTest(draw(), draw()).pRise < 0.01).filter(Boolean).length;
  expect(claims).toBeGreaterThan(4);
  expect(claims).toBeLessThan(40);
});

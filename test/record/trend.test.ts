import { expect, test } from "vitest";
import { median } from "../../record/median.ts";
import { type Point, slopeOf } from "../../record/trend.ts";

const line = (count: number, y: (x: number) => number): Point[] =>
  Array.from({ length: count }, (_, x) => ({ x, y: y(x) }));

/** The same numbers on every machine: Park and Miller's generator, 0 to 1. */
const seeded = (seed: number) => {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
};

test("a straight line has its slope, and no doubt", () => {
  const found = slopeOf(line(20, (x) => 5 + 3 * x));
  expect(found?.slope).toBeCloseTo(3);
  expect(found?.low).toBeCloseTo(3);
  expect(found?.high).toBeCloseTo(3);
});

test("one wild point changes little", () => {
  const points = line(12, (x) => 3 * x).map((point) => (point.x === 6 ? { ...point, y: 1e9 } : point));
  expect(slopeOf(points)?.slope).toBeCloseTo(3, 1);
});

test("too few points, or points that all lie at one place, tell nothing", () => {
  expect(slopeOf(line(3, (x) => x))).toBeNull();
  expect(slopeOf(Array.from({ length: 9 }, (_, y) => ({ x: 1, y })))).toBeNull();
});

test("the interval holds the true slope about nineteen times in twenty, and noise rarely looks like a slope", () => {
  const runs = 400;
  let holds = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const random = seeded(seed * 7919);
    const found = slopeOf(line(120, (x) => 2 * x + 300 * (random() + random() + random())));
    if (found !== null && found.low <= 2 && found.high >= 2) holds += 1;
  }
  expect(holds / runs).toBeGreaterThan(0.93);
});

test("the median of an even count lies between the middle two", () => {
  expect([median([]), median([5]), median([9, 1, 4]), median([1, 2, 3, 10])]).toEqual([0, 5, 4, 2.5]);
});

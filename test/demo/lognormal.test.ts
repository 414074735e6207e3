import { expect, test } from "vitest";
import { percentile } from "../../demo/delay-report.ts";
import { lognormalStream } from "../../demo/lognormal.ts";
import { seededRandom } from "../../demo/random.ts";

const draws = (count: number, next: () => number) => Array.from({ length: count }, next);
const stream = (seed: number, maxMs?: number) =>
  lognormalStream({ p50Ms: 300, p90Ms: 900, ...(maxMs === undefined ? {} : { maxMs }) }, seededRandom(seed));

test("two streams of one seed give the same delays, another seed gives others", () => {
  expect(draws(50, stream(7))).toEqual(draws(50, stream(7)));
  expect(draws(50, stream(7))).not.toEqual(draws(50, stream(8)));
});

test("a short run of a hundred draws already shows the p50 and the p90 within 15 %, whatever the seed", () => {
  for (let seed = 0; seed < 200; seed++) {
    const drawn = draws(100, stream(seed));
    expect(percentile(drawn, 0.5) / 300, `p50 of seed ${seed}`).toSatisfy(isWithin15Percent);
    expect(percentile(drawn, 0.9) / 900, `p90 of seed ${seed}`).toSatisfy(isWithin15Percent);
  }
});

test("a long run has the average of a lognormal", () => {
  const drawn = draws(40_000, stream(1, 1e9));
  const sigma = Math.log(3) / 1.2815515655446004;
  const average = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  expect(average / (300 * Math.exp(sigma ** 2 / 2))).toBeCloseTo(1, 1);
});

test("no draw is longer than the cut, and the cut does not move the p50", () => {
  const drawn = draws(2_000, stream(3, 1_000));
  expect(Math.max(...drawn)).toBe(1_000);
  expect(percentile(drawn, 0.5) / 300).toBeCloseTo(1, 1);
});

const isWithin15Percent = (ratio: number) => ratio > 0.85 && ratio < 1.15;

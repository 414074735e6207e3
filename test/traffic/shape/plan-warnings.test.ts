import { expect, test } from "vitest";
import { planLoad } from "../../../traffic/shape/load-plan.ts";
import { planWarnings } from "../../../traffic/shape/plan-warnings.ts";

const warned = (shape: string): string[] => planWarnings(planLoad(undefined, { shape }) ?? expect.fail(), []);

test.each([
  "2m=10",
  "5s:10,115s=10",
  "soak",
  "ramp",
  "staircase",
  "bursts",
  "spike",
  "smoke",
  "1m:10,2m=10,1m:20,2m=20",
])("%s has nothing to be warned of", (shape) => {
  expect(warned(shape)).toEqual([]);
});

test.each([
  ["30s=10", /^The level lasts 30s: too short to show garbage collection/],
  ["30s=10,2m=20,1m=5", /^2 of 3 levels last less than 2m, the shortest 30s/],
  ["bursts(burst=30s)", /bursts last less than 1m, the shortest 30s.*A minute is enough/],
  [
    "30s:5,60s:10,30s:20,30s:0",
    /^1m:10 is a ramp: users go from 5 to 10 for all of 1m.*write 1m=10, or 5s:10,55s=10\./,
  ],
  ["1s:1,10s:2,1s=5,1s:0", /^10s:2 is a ramp.*write 10s=2\./],
  ["staircase(time=100h)", /^It lasts 100h: longer than the 24 hours/],
])("%s is warned of", (shape, sentence) => {
  expect(warned(shape).find((one) => sentence.test(one))).toBeDefined();
});

test("neighbours of one height are one level, and a level after a pause is another", () => {
  expect(warned("1m=10,1m=10")).toEqual([]);
  expect(warned("90s=10,2s=0,90s=10")[0]).toMatch(/^2 of 2 levels/);
});

test("a ramp that starts from nobody, or is held afterwards, is meant as one", () => {
  expect(warned("60s:10")).toEqual([]);
  expect(warned("2m=5,3m:10,2m:10,2m=10")).toEqual([]);
});

test("a server that lets fewer through is named with its limit", () => {
  const plan = planLoad(undefined, { shape: "soak(users=50)" }) ?? expect.fail();
  const held = [
    { server: "learn", users: 17, planned: 20 },
    { server: "github", users: 17, planned: 17 },
  ];
  expect(planWarnings(plan, held)).toEqual([expect.stringMatching(/^learn gets up to 20 users, but no more than 17/)]);
});

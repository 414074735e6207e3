import { describe, expect, test } from "vitest";
import { compareSides } from "../../../gate/compare/comparison.ts";
import type { RunFigures } from "../../../gate/compare/run-figures.ts";
import { NAMES, type Simulated, simulatedRun } from "./simulated-run.ts";

const PAIRS = 200;

const sideOf = (seed: number, runs: number, fields: Partial<Simulated> = {}): RunFigures[] =>
  Array.from({ length: runs }, (_, run) => simulatedRun({ seed: 1000 * seed + run, ...fields }));

/** In how many of the pairs it says so. */
const told = (overall: string, runs: number, fields: Partial<Simulated>, both: Partial<Simulated> = {}): number => {
  let count = 0;
  for (let pair = 1; pair <= PAIRS; pair++) {
    const [before, after] = [sideOf(2 * pair, runs, both), sideOf(2 * pair + 1, runs, { ...both, ...fields })];
    if (compareSides(before, after).overall === overall) count += 1;
  }
  return count;
};

describe("of simulated runs of fifteen seconds", () => {
  test("two of the same build show no difference, in 19 of 20 comparisons with all their rows", () => {
    expect(told("no difference", 1, {})).toBeGreaterThanOrEqual(0.95 * PAIRS);
  });

  test("a build that is 25 % slower is told in 19 of 20, and one that is faster as well", () => {
    expect(told("worse", 1, { factor: 1.25 })).toBeGreaterThanOrEqual(0.95 * PAIRS);
    expect(told("better", 1, { factor: 1 / 1.25 })).toBeGreaterThanOrEqual(0.95 * PAIRS);
  });

  test("several runs a side see for themselves how far runs of a restless machine differ", () => {
    expect(told("worse", 3, {}, { runToRun: 0.08 })).toBeLessThanOrEqual(0.05 * PAIRS);
    // One run a side takes the documented spread, and is wrong there: that is what its note warns of.
    expect(told("worse", 1, {}, { runToRun: 0.08 })).toBeGreaterThan(0.05 * PAIRS);
  });

  test("errors that come to two in a hundred break their budget", () => {
    const { result, broken, notes } = compareSides(sideOf(1, 1), sideOf(2, 1, { errorShare: 0.05, seconds: 30 }));
    expect(result).toBe("BROKEN");
    expect(broken[0]).toMatchObject({ quantity: "errorPercent", budget: 0.5 });
    expect(notes.join()).toContain("look at the failures first");
  });
});

test("a budget breaks by a difference that is real and beyond it", () => {
  const [before, after] = [sideOf(1, 1, { seconds: 60 }), sideOf(2, 1, { seconds: 60, factor: 1.4 })];
  const { result, broken } = compareSides(before, after);
  expect(result).toBe("BROKEN");
  expect(broken.map(({ quantity }) => quantity)).toContain("p95Ms");
  expect(compareSides(before, after, { p95Ms: 80 })).toMatchObject({ result: "WITHIN", overall: "worse", broken: [] });
  expect(compareSides(after, before)).toMatchObject({ result: "WITHIN", overall: "better" });
});

test("another mixture of the same calls moves the percentiles of all operations, and not those of the same work", () => {
  const more = { ...NAMES, "learn:tools/call:list": [60, 60] } as const;
  const { rows } = compareSides(sideOf(1, 1, { seconds: 60 }), sideOf(2, 1, { seconds: 60, names: more }));
  expect(rows[0]?.changes.p50Ms).toMatchObject({ told: "better" });
  expect(rows[1]).toMatchObject({ kind: "work", changes: { p50Ms: { told: "no difference" } } });
});

test("a name that one side lacks is shown without a difference", () => {
  const fewer = { "learn:tools/call:search": NAMES["learn:tools/call:search"] };
  const { rows } = compareSides(sideOf(1, 1), sideOf(2, 1, { names: fewer }));
  const list = rows.find(({ title }) => title === "learn:tools/call:list");
  expect(list).toMatchObject({ after: null, changes: { p50Ms: null } });
  expect(list?.before).toBeGreaterThan(0);
});

test("a few calls are too few to say that nothing changed", () => {
  const names = { "learn:tools/call:search": [380, 0.5] } as const;
  const { result, overall, invalid } = compareSides(sideOf(1, 1, { names }), sideOf(2, 1, { names }));
  expect({ result, overall }).toEqual({ result: "INVALID", overall: "not enough data" });
  expect(invalid).toEqual(["there are too few calls to tell a change"]);
});

test("the same figures give the same answer each time", () => {
  const sides = [sideOf(1, 2), sideOf(2, 2)] as const;
  expect(compareSides(...sides)).toEqual(compareSides(...sides));
});

import { describe, expect, test } from "vitest";
import { compareLines } from "../../../gate/compare/compare-text.ts";
import { headlineOf } from "../../../gate/compare/compare-words.ts";
import { compareSides } from "../../../gate/compare/comparison.ts";
import type { RunFigures } from "../../../gate/compare/run-figures.ts";
import { NAMES, type Simulated, simulatedRun } from "./simulated-run.ts";

const isLong = process.env.SWARMBRIDGE_LONG !== undefined;
const PAIRS = isLong ? 300 : 60;
/** Shares of few pairs are rough: another two of them are no other method. */
const ROUGH = isLong ? 0 : 2;
const most = (share: number): number => share * PAIRS + ROUGH;

const sideOf = (seed: number, runs: number, fields: Partial<Simulated> = {}): RunFigures[] =>
  Array.from({ length: runs }, (_, run) => simulatedRun({ seed: 1000 * seed + run, ...fields }));

/** What it says of each of the pairs. */
const answers = (runs: number, fields: Partial<Simulated>, both: Partial<Simulated> = {}): string[] =>
  Array.from({ length: PAIRS }, (_, pair) => {
    const [before, after] = [sideOf(2 * pair + 2, runs, both), sideOf(2 * pair + 3, runs, { ...both, ...fields })];
    return compareSides(before, after).overall;
  });

/** In how many of the pairs it says so. */
const told = (overall: string, runs: number, fields: Partial<Simulated>, both: Partial<Simulated> = {}): number =>
  answers(runs, fields, both).filter((each) => each === overall).length;

/** In how many pairs of one build it claims a difference. */
const claimed = (runs: number, both: Partial<Simulated>): number =>
  answers(runs, {}, both).filter((each) => each !== "no difference" && each !== "not enough data").length;

describe("of simulated runs of fifteen seconds", { timeout: 60_000 }, () => {
  test("two of the same build show no difference, in 19 of 20 comparisons with all their rows", () => {
    expect(told("no difference", 1, {})).toBeGreaterThanOrEqual(0.95 * PAIRS);
  });

  test("a build that is 25 % slower is told in 19 of 20, and one that is faster as well", () => {
    expect(told("worse", 1, { factor: 1.25 })).toBeGreaterThanOrEqual(0.95 * PAIRS);
    expect(told("better", 1, { factor: 1 / 1.25 })).toBeGreaterThanOrEqual(0.95 * PAIRS);
  });

  test("several runs a side see for themselves how far runs of a restless machine differ", () => {
    // Some 6 % over many seeds: four times the documented spread is more than three runs a side can show for sure.
    expect(claimed(3, { runToRun: 0.08 })).toBeLessThanOrEqual(most(0.12));
    // One run a side takes the documented spread, and is wrong there: that is what its note warns of.
    expect(claimed(1, { runToRun: 0.08 })).toBeGreaterThan(0.15 * PAIRS);
  });

  test("slow seconds that hit twenty names at once, and such that last, are no difference", () => {
    const twenty = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`learn:tools/call:t${at}`, [200, 5]] as const),
    );
    const wrong = (both: Partial<Simulated>): number => claimed(1, both);
    expect(wrong({ slowSeconds: 0.2, names: twenty })).toBeLessThanOrEqual(most(0.07));
    expect(wrong({ slowSeconds: 0.1, lasting: 0.5 })).toBeLessThanOrEqual(most(0.05));
    // Slowness that lasts as long as the run is long is seen in part only: docs/compare.md.
    expect(wrong({ slowSeconds: 0.1, lasting: 0.8 })).toBeLessThanOrEqual(most(0.12));
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
  const comparison = compareSides(sideOf(1, 1), sideOf(2, 1, { names: fewer }));
  const list = comparison.rows.find(({ title }) => title === "learn:tools/call:list");
  expect(list).toMatchObject({ after: null, changes: { p50Ms: null } });
  expect(list?.before).toBeGreaterThan(0);
  expect(headlineOf(comparison)).toMatch(/; 2 names are only before$/);
});

test("a few calls are too few to say that nothing changed", () => {
  const names = { "learn:tools/call:search": [380, 0.5] } as const;
  const { result, overall, invalid } = compareSides(sideOf(1, 1, { names }), sideOf(2, 1, { names }));
  expect({ result, overall }).toEqual({ result: "INVALID", overall: "not enough data" });
  expect(invalid).toEqual(["there are too few calls to tell a change"]);
});

test("budgets of times that no time could be held against are not passed, and one of several is named", () => {
  const names = { "learn:tools/call:search": [380, 20] } as const;
  const sides = [sideOf(1, 1, { names, seconds: 10 }), sideOf(2, 1, { names, seconds: 10 })] as const;
  const { result, invalid, unjudged } = compareSides(...sides, { p99Ms: 20 });
  expect({ result, unjudged }).toEqual({ result: "INVALID", unjudged: ["p99Ms"] });
  expect(invalid[0]).toContain("too few calls to judge any budget of a time (p99)");
  expect(headlineOf(compareSides(...sides, { meanMs: 60, p99Ms: 20 }))).toMatch(/within the budgets; not judged: p99$/);
});

test("of several comparisons at once each must be surer", () => {
  const sides = [sideOf(5, 1), sideOf(6, 1, { factor: 1.3 })] as const;
  const real = (comparisons: number): number =>
    compareSides(...sides, {}, comparisons).rows.flatMap(({ changes }) =>
      Object.values(changes).filter((change) => change?.told === "worse"),
    ).length;
  expect(real(1)).toBeGreaterThan(real(1e6));
});

test("the answer does not depend on the order of a side's runs, nor on that of their names", () => {
  const turned = ({ names, ...run }: RunFigures): RunFigures => ({
    ...run,
    names: Object.fromEntries(Object.entries(names).reverse()),
  });
  const [before, after] = [sideOf(1, 2), sideOf(2, 2, { factor: 1.2 })];
  const one = compareSides(before, after);
  const other = compareSides(before.toReversed().map(turned), after.toReversed().map(turned));
  expect(compareLines(other).slice(2)).toEqual(compareLines(one).slice(2));
});

import { expect, test } from "vitest";
import { isBroken, withTypedBudget } from "../../../gate/compare/budget.ts";
import { changeOf } from "../../../gate/compare/change.ts";
import { holm } from "../../../gate/compare/holm.ts";
import { twoSidedP } from "../../../gate/compare/t-test.ts";
import { simulatedRun } from "./simulated-run.ts";

test.each([
  [0, 7, 1],
  [12.706, 1, 0.05],
  [2.228, 10, 0.05],
  [-2.228, 10, 0.05],
  [2.75, 30, 0.01],
  [1.95996, 1e6, 0.05],
])("a t of %d with %d degrees of freedom comes by chance in %d", (t, freedom, p) => {
  expect(twoSidedP(t, freedom)).toBeCloseTo(p, 4);
});

test("Holm's method claims the smallest by the number of all, the next by one less, and stops at the first that fails", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005], 0.05)).toEqual([true, false, false, true]);
  expect(holm([0.04], 0.05)).toEqual([true]);
  expect(holm([], 0.05)).toEqual([]);
});

test("one run a side has the documented spread; several runs that differ more have their own", () => {
  const at = (...values: number[]) => values.map((value) => ({ value, error: 0.01 }));
  const single = changeOf("p50Ms", at(100), at(110));
  expect(single).toMatchObject({ before: expect.closeTo(100), after: expect.closeTo(110), change: expect.closeTo(10) });
  const alike = changeOf("p50Ms", at(100, 101, 99), at(110, 111, 109));
  const restless = changeOf("p50Ms", at(80, 100, 125), at(90, 110, 135));
  const width = (change: typeof alike): number => (change?.high ?? 0) - (change?.low ?? 0);
  expect(width(alike)).toBeLessThan(width(single));
  expect(width(restless)).toBeGreaterThan(2 * width(single));
});

test("a figure without an error on any run has no difference", () => {
  expect(changeOf("p50Ms", [{ value: 1, error: null }], [{ value: 1, error: 0.1 }])).toBeNull();
  expect(changeOf("p50Ms", [undefined], [{ value: 1, error: 0.1 }])).toBeNull();
});

test("a percentile's error is what runs of one build really differ by", () => {
  const runs = Array.from({ length: 120 }, (_, seed) => simulatedRun({ seed: seed + 1, runToRun: 0 }));
  for (const quantity of ["p50Ms", "p95Ms", "meanMs"] as const) {
    const figures = runs.flatMap(({ names }) => names["learn:tools/call:search"]?.figures[quantity] ?? []);
    const logs = figures.map(({ value }) => Math.log(value));
    const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
    const seen = Math.sqrt(logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (logs.length - 1));
    const told = Math.sqrt(figures.reduce((sum, { error }) => sum + (error ?? 0) ** 2, 0) / figures.length);
    expect(told / seen).toBeGreaterThan(0.85);
    expect(told / seen).toBeLessThan(1.5);
  }
});

test("budgets are typed as they are told", () => {
  expect(withTypedBudget({ p95Ms: 15 }, "p95=+20%")).toEqual({ p95Ms: 20 });
  expect(withTypedBudget({ p95Ms: 15 }, "errors=1")).toEqual({ p95Ms: 15, errorPercent: 1 });
  expect(withTypedBudget({ p95Ms: 15 }, "p95=none")).toEqual({});
  for (const wrong of ["p95", "p95=", "p94=3", "p95=-3", "p95=3ms", "=3"])
    expect(withTypedBudget({}, wrong)).toBeNull();
});

test("less throughput is worse, more is not", () => {
  const change = { before: 10, after: 8, change: -20, low: -25, high: -15, p: 0 };
  expect(isBroken("throughput", change, true, { throughput: 10 })).toBe(true);
  expect(isBroken("throughput", change, false, { throughput: 10 })).toBe(false);
  expect(isBroken("throughput", { ...change, change: 20 }, true, { throughput: 10 })).toBe(false);
});

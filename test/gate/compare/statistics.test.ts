import { expect, test } from "vitest";
import { isBroken, withTypedBudget } from "../../../gate/compare/budget.ts";
import { changeOf } from "../../../gate/compare/change.ts";
import { figuresOf } from "../../../gate/compare/figures-of.ts";
import { holm } from "../../../gate/compare/holm.ts";
import { spreadOfSum } from "../../../gate/compare/serial.ts";
import { twoSidedP } from "../../../gate/compare/t-test.ts";
import { Times } from "../../../record/times.ts";
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
  const even = (...ps: number[]) => ps.map((p) => ({ p, weight: 1 }));
  expect(holm(even(0.01, 0.04, 0.03, 0.005), 0.05)).toEqual([true, false, false, true]);
  expect(holm(even(0.04), 0.05)).toEqual([true]);
  expect(holm([], 0.05)).toEqual([]);
  expect(holm(even(Number.NaN), 0.05)).toEqual([false]);
});

test("a test with three parts of four of the chance is claimed by that, and leaves it to the other", () => {
  const tests = (first: number, second: number) => [
    { p: first, weight: 3 },
    { p: second, weight: 1 },
  ];
  expect(holm(tests(0.035, 0.045), 0.05)).toEqual([true, true]);
  expect(holm(tests(0.04, 0.02), 0.05)).toEqual([false, false]);
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

test("a run's own error counts for its side, and two runs of a side that differ a little make it little less sure", () => {
  const at = (error: number, ...values: number[]) => values.map((value) => ({ value, error }));
  const width = (change: ReturnType<typeof changeOf>): number => (change?.high ?? 0) - (change?.low ?? 0);
  const sure = at(0.001, 100, 101, 99, 100, 100);
  // One short run is as unsure beside five long ones as beside one.
  expect(width(changeOf("p50Ms", sure, at(0.1, 100)))).toBeGreaterThan(35);
  const two = at(0.01, 98, 102);
  expect(width(changeOf("p50Ms", two, at(0.01, 100)))).toBeLessThan(
    2 * width(changeOf("p50Ms", at(0.01, 100), at(0.01, 100))),
  );
});

test("blocks that follow each other are worth less than as many in any order", () => {
  const waves = Array.from({ length: 16 }, (_, index) => Math.sin((2 * Math.PI * index) / 16));
  const mixed = waves.map((_, index) => waves[(index * 7) % 16] ?? 0);
  expect(spreadOfSum(waves).variance).toBeGreaterThan(4 * spreadOfSum(mixed).variance);
  expect(spreadOfSum(waves).freedom).toBeLessThan(spreadOfSum(mixed).freedom);
});

test("between two modes nothing is known of the p50", () => {
  const blocks = Array.from({ length: 10 }, () => {
    const times = new Times();
    for (let call = 0; call < 40; call++) times.record(call % 2 === 0 ? 100_000 + call : 800_000 + call);
    return { seconds: 1, count: 40, failures: 0, times };
  });
  const { p50Ms } = figuresOf(blocks, { count: 400, failures: 0 }, 10).figures;
  expect(p50Ms?.error).toBeGreaterThan(1);
});

test("times in whole milliseconds are known no better than half of one", () => {
  const blocks = Array.from({ length: 10 }, () => {
    const times = new Times();
    for (let call = 0; call < 40; call++) times.record(5000);
    return { seconds: 1, count: 40, failures: 0, times };
  });
  const errorOf = (resolutionMs: number) =>
    figuresOf(blocks, { count: 400, failures: 0 }, 10, resolutionMs).figures.p50Ms?.error;
  expect(errorOf(0)).toBeLessThan(0.01);
  expect(errorOf(1)).toBeCloseTo(0.1, 3);
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

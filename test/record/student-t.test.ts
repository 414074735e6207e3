import { expect, test } from "vitest";
import { quantileOfT } from "../../record/student-t.ts";

/** Of published tables. */
test.each([
  [1, 12.706, 63.66],
  [9, 2.262, 3.25],
  [30, 2.042, 2.75],
  [31, 2.0395, 2.744],
  [40, 2.0211, 2.7045],
  [60, 2.0003, 2.6603],
  [120, 1.9799, 2.6174],
  [Number.POSITIVE_INFINITY, 1.96, 2.5758],
])("with %d degrees of freedom the quantiles are those of the tables", (freedom, at975, at995) => {
  expect(quantileOfT(0.975, freedom)).toBeCloseTo(at975, 3);
  expect(quantileOfT(0.995, freedom)).toBeCloseTo(at995, 3);
});

test("more degrees of freedom never widen an interval, and no step between two is larger than the one before", () => {
  for (const below of [0.975, 0.995] as const) {
    const values = Array.from({ length: 200 }, (_, at) => quantileOfT(below, at + 1));
    const steps = values.slice(1).map((value, at) => (values[at] ?? 0) - value);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(-1e-4);
    for (const [at, step] of steps.entries()) if (at > 0) expect(step).toBeLessThan((steps[at - 1] ?? 0) + 0.0015);
  }
});

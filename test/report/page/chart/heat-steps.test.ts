import { expect, test } from "vitest";
import { heatSteps } from "../../../../report/page/chart/heat-steps.ts";

test.each([
  [0, []],
  [1, [1]],
  [3, [1, 2, 3]],
  [10_000, [1, 10, 100, 1000, 10_000]],
])("the legend of a heat map with %d in its fullest field names %j", (most, steps) => {
  expect(heatSteps(most)).toEqual(steps);
});

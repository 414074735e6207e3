import { expect, it } from "vitest";
import { answerOf } from "../../../capacity/ceiling/answer.ts";
import { levelsOf } from "../../../capacity/ceiling/level.ts";
import { regionsOf } from "../../../capacity/ceiling/regions.ts";
import type { StepMeasure } from "../../../capacity/ceiling/step.ts";
import { triggerOf } from "../../../capacity/ceiling/trigger.ts";
import { LIMITS, step } from "./measures.ts";

const trigger = (...measures: StepMeasure[]) => {
  const levels = levelsOf(measures, LIMITS);
  return triggerOf(answerOf(levels), regionsOf(levels));
};

it("a ceiling of 20 without a knee before it gives a trigger at 15", () => {
  expect(trigger(step(5, 500), step(10, 1000), step(20, 2050))).toEqual({ atKnee: null, atCeiling: 15, advised: 15 });
});

it("the lower one of knee with headroom and three quarters of the ceiling is advised", () => {
  expect(trigger(step(5, 100), step(10, 100), step(20, 1500), step(40, 4000))).toEqual({
    atKnee: 8,
    atCeiling: 30,
    advised: 8,
  });
});

it("nobody advises a trigger by a ceiling that was not found", () => {
  expect(trigger(step(5, 100), step(10, 100))).toEqual({ atKnee: null, atCeiling: null, advised: null });
});

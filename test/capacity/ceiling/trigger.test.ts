import { expect, it } from "vitest";
import { answerOf, keptAbove } from "../../../capacity/ceiling/answer.ts";
import { levelsOf } from "../../../capacity/ceiling/level.ts";
import { regionsOf } from "../../../capacity/ceiling/regions.ts";
import type { StepMeasure } from "../../../capacity/ceiling/step.ts";
import { triggerOf } from "../../../capacity/ceiling/trigger.ts";
import { LIMITS, step } from "./measures.ts";

const trigger = (...measures: StepMeasure[]) => {
  const levels = levelsOf(measures, LIMITS);
  return triggerOf(answerOf(levels), regionsOf(levels), keptAbove(levels).length > 0);
};

it("a ceiling of 20 without a knee before it gives a trigger at 15", () => {
  expect(trigger(step(5, 500), step(10, 1000), step(18, 1800), step(20, 2050))).toEqual({
    atKnee: null,
    atCeiling: 15,
    carried: 18,
    advised: 15,
  });
});

it("the lower one of knee with headroom and three quarters of the ceiling is advised", () => {
  expect(trigger(step(5, 100), step(10, 100), step(20, 1500), step(40, 4000))).toEqual({
    atKnee: 8,
    atCeiling: 30,
    carried: 20,
    advised: 8,
  });
});

it("nobody advises a trigger by a ceiling that was not found", () => {
  expect(trigger(step(5, 100), step(10, 100))).toEqual({
    atKnee: null,
    atCeiling: null,
    carried: 10,
    advised: null,
  });
});

it("nobody advises more than was carried", () => {
  // 22 would be three quarters of 30; a hard limit may lie at 20.
  expect(trigger(step(10, 100), step(20, 100), step(30, 100, { opened: 20, refused: 9 }))).toMatchObject({
    atCeiling: 22,
    advised: 20,
  });
  expect(trigger(step(10, 3000), step(20, 9000), step(40, 90_000)).advised).toBe(null);
});

it("nobody advises a trigger where a higher count kept the limits", () => {
  const measures = [step(1, 100), step(5, 100), step(10, 3000), step(20, 100), step(30, 100), step(50, 9000)];
  expect(trigger(...measures).advised).toBe(null);
});

import { describe, expect, it } from "vitest";
import { answerOf, keptAbove } from "../../../capacity/ceiling/answer.ts";
import { levelsOf } from "../../../capacity/ceiling/level.ts";
import type { StepMeasure } from "../../../capacity/ceiling/step.ts";
import { LIMITS, step } from "./measures.ts";

const levels = (...measures: StepMeasure[]) => levelsOf(measures, LIMITS);

describe("the answer", () => {
  it("is the first count that broke a limit, with the counts that surely did and did not", () => {
    const measured = levels(
      step(1, 100),
      step(5, 200),
      step(10, 900, { perBatch: 10 }),
      step(20, 3000),
      step(30, 9000),
    );
    expect(answerOf(measured)).toEqual({
      kind: "ceiling",
      sessions: 20,
      breach: "p99",
      carried: 10,
      surelyKept: 5,
      surelyBroken: 20,
    });
  });

  it("is at least the largest count when nothing broke", () => {
    const answer = answerOf(levels(step(1, 100), step(50, 1900)));
    expect(answer).toEqual({ kind: "at-least", sessions: 50, isSure: true, why: "no step broke a limit" });
  });

  it("is below the first count when that broke", () => {
    expect(answerOf(levels(step(5, 3000), step(10, 4000)))).toMatchObject({ kind: "below", sessions: 5 });
  });

  it("is unknown when no step proves anything", () => {
    const answer = answerOf(levels(step(5, 100, { saturation: ["the bridge was 140 ms late (p99)"] })));
    expect(answer).toEqual({
      kind: "unknown",
      why: "at 5 the generator itself was the bottleneck: the bridge was 140 ms late (p99)",
    });
    expect(answerOf([])).toEqual({ kind: "unknown", why: "no step ended" });
  });

  it("is unknown when nobody was ever let in", () => {
    const answer = answerOf(levels(step(5, 100, { opened: 0, refused: 9, perBatch: 0 })));
    expect(answer).toEqual({ kind: "unknown", why: "no session could be opened at all" });
  });

  it("tells counts that kept the limits above the ceiling", () => {
    const measured = levels(step(1, 100), step(5, 3000), step(10, 200));
    expect(answerOf(measured)).toMatchObject({ kind: "ceiling", sessions: 5 });
    expect(keptAbove(measured).map(({ sessions }) => sessions)).toEqual([10]);
  });
});

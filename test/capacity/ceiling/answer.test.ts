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
      isRepeated: false,
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

  it("rests on repeated steps only when both sides were run again", () => {
    const twice = [step(5, 200), step(5, 210), step(10, 3000), step(10, 3100)];
    expect(answerOf(levels(...twice))).toMatchObject({ surelyKept: 5, surelyBroken: 10, isRepeated: true });
    expect(answerOf(levels(...twice.slice(1)))).toMatchObject({ surelyKept: 5, surelyBroken: 10, isRepeated: false });
  });

  it("has no upper bound where a higher count kept the limits", () => {
    const measured = levels(step(5, 100), step(10, 3000), step(20, 100), step(30, 100), step(50, 9000));
    expect(answerOf(measured)).toMatchObject({ kind: "ceiling", sessions: 10, surelyKept: 5, surelyBroken: null });
  });

  it("is no ceiling when the server is gone", () => {
    const gone = { opened: 0, refused: 50, perBatch: 0 };
    expect(answerOf(levels(step(1, 100), step(5, 0, gone)))).toMatchObject({
      kind: "at-least",
      sessions: 1,
      why: "the server was not there any more at 5",
    });
  });

  it("tells counts that kept the limits above the ceiling", () => {
    const measured = levels(step(1, 100), step(5, 3000), step(10, 200));
    expect(answerOf(measured)).toMatchObject({ kind: "ceiling", sessions: 5 });
    expect(keptAbove(measured).map(({ sessions }) => sessions)).toEqual([10]);
  });
});

import { describe, expect, it } from "vitest";
import { levelsOf } from "../../../capacity/ceiling/level.ts";
import type { StepMeasure } from "../../../capacity/ceiling/step.ts";
import { LIMITS, step } from "./measures.ts";

const only = (...measures: StepMeasure[]) => {
  const [level, ...others] = levelsOf(measures, LIMITS);
  expect(others).toEqual([]);
  return level;
};

describe("a level", () => {
  it("is kept when p99 and failures are within the limits", () => {
    expect(only(step(10, 500))).toMatchObject({ verdict: "kept", breach: null, isSure: true, calls: 1200, runs: 1 });
  });

  it("is broken by failures before anybody looks at its latency", () => {
    expect(only(step(10, 5000, { failures: 3 }))).toMatchObject({ verdict: "broken", breach: "failures" });
  });

  it("is broken by a p99 over the limit, and not by one that is the limit", () => {
    expect(only(step(10, 2000))).toMatchObject({ verdict: "kept" });
    expect(only(step(10, 2010))).toMatchObject({ verdict: "broken", breach: "p99", isSure: true });
  });

  it("is broken when sessions were refused and are missing", () => {
    expect(only(step(30, 500, { opened: 20, refused: 40 }))).toMatchObject({ verdict: "broken", breach: "sessions" });
  });

  it("proves nothing when sessions are missing that nobody refused", () => {
    expect(only(step(30, 500, { opened: 20 }))).toMatchObject({ verdict: "unproven" });
  });

  it("proves nothing when the generator was the bottleneck, or nothing was called", () => {
    expect(only(step(30, 9000, { saturation: ["late"] }))).toMatchObject({ verdict: "unproven", saturation: ["late"] });
    expect(only(step(30, 0, { perBatch: 0 }))).toMatchObject({ verdict: "unproven", p99Ms: null });
  });

  it("is not sure of few calls, and is of the same several times over", () => {
    const thin = step(1, 500, { perBatch: 50 });
    expect(only(thin)).toMatchObject({ verdict: "kept", isSure: false });
    expect(only(thin, thin, thin)).toMatchObject({ verdict: "kept", isSure: true, runs: 3, calls: 900 });
  });

  it("proves nothing when nobody was let in, or the step was cut off", () => {
    expect(only(step(30, 0, { opened: 0, refused: 60, perBatch: 0 }))).toMatchObject({
      verdict: "unproven",
      breach: null,
    });
    expect(only(step(30, 9000, { cutOff: "killed" }))).toMatchObject({ verdict: "unproven", cutOff: "killed" });
    expect(only(step(30, 500), step(30, 9000, { cutOff: "killed" }))).toMatchObject({ verdict: "kept", cutOff: null });
  });

  it("is sure of several runs only when they agree", () => {
    expect(only(step(5, 1500), step(5, 1750))).toMatchObject({ verdict: "kept", isSure: false });
    expect(only(step(5, 500), step(5, 520))).toMatchObject({ verdict: "kept", isSure: true });
    expect(only(step(5, 9000), step(5, 1500))).toMatchObject({ verdict: "broken", isSure: false });
    const failing = step(5, 100, { failures: 30 });
    expect(only(failing, step(5, 100))).toMatchObject({ breach: "failures", isSure: false });
    expect(only(failing, failing)).toMatchObject({ breach: "failures", isSure: true });
    const refused = step(5, 100, { opened: 2, refused: 9 });
    expect(only(refused, step(5, 100))).toMatchObject({ breach: "sessions", isSure: false });
  });

  it("has the calls a second that ended in its time", () => {
    expect(only(step(5, 100, { endedInTime: 600 }))).toMatchObject({ calls: 1200, callsPerSecond: 10 });
    expect(only(step(5, 100))?.callsPerSecond).toBe(20);
  });

  it("leaves out a saturated run when another one was sound", () => {
    expect(only(step(5, 400), step(5, 9000, { saturation: ["late"] }))).toMatchObject({ verdict: "kept", runs: 1 });
  });

  it("takes the percentile of several runs from one histogram", () => {
    const level = only(step(5, 100), step(5, 1000, { perBatch: 1 }));
    expect(level?.p50Ms).toBeCloseTo(100, -1);
    expect(level?.p99Ms).toBeCloseTo(100, -1);
    expect(level?.times.count).toBe(1206);
  });
});

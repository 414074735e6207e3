import { describe, expect, it } from "vitest";
import { levelsOf } from "../../../capacity/ceiling/level.ts";
import { regionsOf } from "../../../capacity/ceiling/regions.ts";
import type { StepMeasure } from "../../../capacity/ceiling/step.ts";
import { LIMITS, step } from "./measures.ts";

const regions = (...measures: StepMeasure[]) => {
  const { of, ...found } = regionsOf(levelsOf(measures, LIMITS));
  return { ...found, of: [...of.values()] };
};

describe("regions", () => {
  it.each([
    ["flat", [100, 100, 110, 120], ["flat", "flat", "flat", "flat"], null],
    ["linear: twice the sessions, twice the p99", [100, 200, 400, 800], ["flat", "linear", "linear", "linear"], null],
    ["a knee: p99 grows faster than the sessions", [100, 105, 110, 500], ["flat", "flat", "flat", "knee"], 40],
    ["a knee in the middle", [100, 120, 700, 1900], ["flat", "flat", "knee", "knee"], 20],
    ["one high value among low ones as chance", [100, 190, 105, 110], ["flat", "flat", "flat", "flat"], null],
  ])("call %s", (_, [a = 0, b = 0, c = 0, d = 0], expected, knee) => {
    const found = regions(step(10, a), step(20, b), step(40, c), step(80, d));
    expect(found).toMatchObject({ of: expected, knee, cliff: null });
    expect(found.reached).toBe(expected.at(-1));
  });

  it("call it a cliff from where calls fail on, however fast they fail", () => {
    const found = regions(step(10, 100), step(20, 100, { failures: 30 }), step(40, 20, { failures: 90 }));
    expect(found).toEqual({ knee: null, cliff: 20, reached: "cliff", flat: null, of: [null, "cliff", "cliff"] });
  });

  it("call it a cliff from where sessions are refused on", () => {
    expect(regions(step(10, 100), step(20, 100, { opened: 10, refused: 10 })).cliff).toBe(20);
  });

  it("say nothing of levels that prove nothing or cannot carry a p99, nor of a single one", () => {
    const found = regions(step(1, 100, { perBatch: 5 }), step(10, 100), step(20, 900, { saturation: ["late"] }));
    expect(found).toEqual({ knee: null, cliff: null, reached: null, flat: null, of: [null, null, null] });
  });

  it("take no loaded level for one at rest, however few calls there are", () => {
    const found = regions(step(10, 100, { perBatch: 30 }), step(20, 180, { perBatch: 30 }));
    expect(found.of).toEqual(["flat", "linear"]);
  });

  it("compare near levels only with one that lies further", () => {
    // 50 to 52: p99 half again as high, which is more than the sessions grew, and only chance.
    expect(regions(step(50, 100), step(52, 150), step(54, 100)).knee).toBe(null);
  });

  it("believe no level that broke while a higher one kept the limits", () => {
    const found = regions(step(5, 100), step(10, 3000), step(20, 100), step(30, 100, { failures: 9 }), step(40, 100));
    expect(found).toEqual({
      knee: null,
      cliff: null,
      reached: "flat",
      flat: [5, 40],
      of: ["flat", null, "flat", null, "flat"],
    });
  });

  it("say between which counts p99 stayed flat, of two that lie apart and kept the limits", () => {
    expect(regions(step(1, 100), step(50, 100)).flat).toEqual([1, 50]);
    expect(regions(step(50, 100)).flat).toBe(null);
    expect(regions(step(50, 100), step(60, 100)).flat).toBe(null);
    expect(regions(step(10, 1990), step(20, 2020)).flat).toBe(null);
  });

  it("leave out a level at which the server was gone", () => {
    const found = regions(step(1, 100), step(5, 100, { opened: 0, refused: 50, perBatch: 0 }));
    expect(found).toMatchObject({ cliff: null, of: [null, null] });
  });
});

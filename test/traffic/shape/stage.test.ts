import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkedStages,
  endMs,
  MOST_USERS,
  parseStages,
  peakUsers,
  type Stage,
  segmentsOf,
  stagesText,
  userMinutes,
  usersAt,
} from "../../../traffic/shape/stage.ts";

const at = (text: string, seconds: number): number => usersAt(segmentsOf(parseStages(text)), seconds * 1000);

const anyStages = fc.array(
  fc.record({
    forMs: fc.integer({ min: 1, max: 100_000 }).map((tenths) => tenths * 250),
    users: fc.integer({ min: 1, max: 5000 }),
    by: fc.constantFrom("ramp", "jump") as fc.Arbitrary<Stage["by"]>,
  }),
  { minLength: 1, maxLength: 20 },
);

test("the stages of the k6 sample are ramps, each from where the one before ended", () => {
  const sample = "30s:5,60s:10,30s:20,30s:0";
  expect([0, 15, 30, 60, 90, 105, 120, 135, 149].map((second) => at(sample, second))).toEqual([
    0,
    2.5,
    5,
    7.5,
    10,
    15,
    20,
    10,
    expect.closeTo(0.667, 3),
  ]);
});

test("a level is there from its first moment to its last, and a ramp after it starts there", () => {
  expect([0, 9.999, 10, 29.999, 30, 35, 40].map((second) => at("10s=3,20s=10,10s:0", second))).toEqual([
    3, 3, 10, 10, 10, 5, 0,
  ]);
});

test("a stage of no time is a jump, after which the next one ramps", () => {
  expect([0, 5].map((second) => at("0s=10,10s:0", second))).toEqual([10, 5]);
});

test("whoever starts later has nobody before", () => {
  const segments = segmentsOf(parseStages("10s=4"), 5000);
  expect([0, 4999, 5000, 14_999, 15_000].map((ms) => usersAt(segments, ms))).toEqual([0, 0, 4, 4, 0]);
  expect(endMs(segments)).toBe(15_000);
});

test("blanks between stages mean nothing, and every unit of time is one", () => {
  expect(parseStages(" 250ms:1 , 1.5s=2,2m:3, 1h=4 ").map(({ forMs }) => forMs)).toEqual([
    250, 1500, 120_000, 3_600_000,
  ]);
});

test.each(["", "30s", "30s:", ":5", "30:5", "30s:-5", "30s:5;10s:0", "30s:5,", "30s:1.5", "30s=5=5", "30s: 5"])(
  "%j is no list of stages, and the sentence shows how one is written",
  (text) => {
    expect(() => parseStages(text)).toThrow(/write TIME:USERS for a ramp, such as 30s:5, or TIME=USERS/);
  },
);

describe("what a generator cannot run is refused with its reason", () => {
  const stage = (fields: Partial<Stage>): Stage => ({ forMs: 1000, users: 1, by: "ramp", ...fields });
  test.each([
    ["too many stages", Array(1001).fill(stage({})), /1001 stages/],
    ["too many users", [stage({ users: MOST_USERS + 1 })], /more than 1000000 users/],
    ["no time", [stage({ forMs: 0 })], /no time at all/],
    ["too long", [stage({ forMs: 31 * 24 * 3_600_000 })], /30 days/],
    ["nobody", [stage({ users: 0 })], /never has a user/],
  ])("%s", (_what, stages, sentence) => {
    expect(() => checkedStages(stages)).toThrow(sentence);
  });
});

test("what is written of stages reads as the same stages", () => {
  fc.assert(
    fc.property(anyStages, (stages) => {
      expect(parseStages(stagesText(stages))).toEqual(stages);
    }),
  );
});

test("segments follow each other without a gap, and no moment has more users than the peak", () => {
  fc.assert(
    fc.property(anyStages, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (stages, part) => {
      const segments = segmentsOf(stages);
      expect(segments[0]?.fromMs).toBe(0);
      for (const [index, { fromMs }] of segments.entries()) {
        if (index > 0) expect(fromMs).toBe(segments[index - 1]?.toMs);
      }
      const users = usersAt(segments, part * endMs(segments));
      expect(users).toBeGreaterThanOrEqual(0);
      expect(users).toBeLessThanOrEqual(peakUsers(segments));
    }),
  );
});

test("user-minutes are the area below the shape", () => {
  expect(userMinutes(segmentsOf(parseStages("2m:10,1m=10,2m:0")))).toBe(10 + 10 + 10);
});

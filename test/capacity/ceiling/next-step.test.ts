import { describe, expect, it } from "vitest";
import { nextStep, type Plan } from "../../../capacity/ceiling/next-step.ts";
import { LIMITS, step } from "./measures.ts";

const ADAPTIVE: Plan = { kind: "adaptive", from: 1, max: 100, mostRuns: 3 };

/** The counts that a search asks of a server that is broken from `ceiling` on. */
const asked = (plan: Plan, ceiling: number, perBatch = 200): number[] => {
  const measures: ReturnType<typeof step>[] = [];
  for (let next = nextStep(plan, [], LIMITS); next !== null && measures.length < 50; ) {
    measures.push(step(next, next < ceiling ? 500 : 5000, { perBatch }));
    next = nextStep(plan, measures, LIMITS);
  }
  return measures.map(({ sessions }) => sessions);
};

describe("the next step of an adaptive search", () => {
  it("doubles until a limit breaks, halves the distance, and runs both sides of the answer again", () => {
    expect(asked(ADAPTIVE, 11)).toEqual([1, 2, 4, 8, 16, 12, 10, 11, 11, 10]);
  });

  it("ends at the largest count that is allowed", () => {
    expect(asked(ADAPTIVE, 1000)).toEqual([1, 2, 4, 8, 16, 32, 64, 100]);
  });

  it("stops when the rest is less than a twentieth", () => {
    // 82 and 86 are four apart, a twentieth of 82.
    expect(asked(ADAPTIVE, 83)).toEqual([1, 2, 4, 8, 16, 32, 64, 100, 82, 91, 86, 86, 82]);
  });

  it("goes down when it began too high", () => {
    expect(asked({ ...ADAPTIVE, from: 40 }, 3)).toEqual([40, 20, 10, 5, 2, 3, 3, 2]);
  });

  it("repeats both sides of the answer when they are not sure, so often and not more", () => {
    const counts = asked(ADAPTIVE, 3, 50);
    expect(counts).toEqual([1, 2, 4, 3, 3, 2, 2]);
    // Of few calls the kept side is never sure; the next one out is asked, and then no further.
    expect(asked(ADAPTIVE, 3, 1)).toEqual([1, 2, 4, 3, 3, 2, 2, 1, 1]);
  });

  it("asks for nothing below one", () => {
    expect(asked(ADAPTIVE, 1)).toEqual([1, 1]);
  });

  it("ends when sessions are missing that nobody refused", () => {
    expect(nextStep(ADAPTIVE, [step(8, 100, { opened: 6 })], LIMITS)).toBe(null);
  });
});

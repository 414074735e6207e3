import { describe, expect, it } from "vitest";
import { compareWith } from "../../../capacity/ceiling/baseline.ts";
import { ceilingJson, foundOf, parseCeiling } from "../../../capacity/ceiling/ceiling-file.ts";
import type { StepMeasure } from "../../../capacity/ceiling/step.ts";
import { LIMITS, step } from "./measures.ts";

const found = (steps: readonly StepMeasure[], over: object = {}) =>
  foundOf({
    schema: 1,
    id: "20261121-120000-ceiling-abcd",
    server: "learn",
    shape: "sessions",
    limits: LIMITS,
    stepMs: 60_000,
    startedAt: "2026-11-21T12:00:00.000Z",
    state: "complete",
    steps: steps as never,
    ...over,
  });

/** A ladder that breaks from a count on. */
const brokenFrom = (ceiling: number, perBatch = 200) =>
  found([1, 5, 10, 20, 30].map((count) => step(count, count < ceiling ? 500 : 5000, { perBatch })));

describe("against a baseline, a ceiling", () => {
  it("has fallen when what was surely kept now surely breaks", () => {
    expect(compareWith(brokenFrom(30), brokenFrom(20)).verdict).toBe("fallen");
    expect(compareWith(brokenFrom(100), brokenFrom(30)).verdict).toBe("fallen");
  });

  it("is held when it is the same, or higher", () => {
    expect(compareWith(brokenFrom(20), brokenFrom(20))).toEqual({ verdict: "held", why: "not lower" });
    expect(compareWith(brokenFrom(20), brokenFrom(30)).verdict).toBe("held");
    expect(compareWith(brokenFrom(20), brokenFrom(100)).verdict).toBe("held");
  });

  it("is held when it is one step lower and neither search is sure", () => {
    expect(compareWith(brokenFrom(30, 10), brokenFrom(20, 10))).toMatchObject({
      verdict: "held",
      why: "lower by one step, which these two cannot tell from chance",
    });
  });

  it("has fallen by more than one step, sure or not", () => {
    expect(compareWith(brokenFrom(30, 10), brokenFrom(10, 10)).verdict).toBe("fallen");
  });

  it("has fallen when the first step breaks", () => {
    expect(compareWith(brokenFrom(30), brokenFrom(1)).verdict).toBe("fallen");
  });

  it("cannot be judged by fewer sessions, other limits, or no answer", () => {
    const few = found([step(1, 500), step(5, 500)]);
    expect(compareWith(brokenFrom(30), few).verdict).toBe("not-judged");
    expect(compareWith(found([step(1, 500)], { limits: { ...LIMITS, p99Ms: 900 } }), few).verdict).toBe("not-judged");
    expect(compareWith(brokenFrom(30), found([])).verdict).toBe("not-judged");
  });
});

describe("ceiling.json", () => {
  it("holds enough to find the same again", () => {
    const before = brokenFrom(20);
    const head = parseCeiling(ceilingJson(before));
    expect(head).toEqual(before.head);
    expect(head === null ? null : foundOf(head).answer).toEqual(before.answer);
  });

  it.each(["", "{}", "[1]", '{"schema":2}'])("is not %j", (text) => {
    expect(parseCeiling(text)).toBe(null);
  });
});

import { describe, expect, test } from "vitest";
import { figuresOf } from "../../../capacity/probe/figures.ts";
import { history, latency, MINUTE_MS, START_MS, seeded } from "./probes.ts";

test("a history in figures", () => {
  const probes = history({ count: 100, ms: (index) => (index < 5 ? null : index) });
  expect(figuresOf(probes, null)).toMatchObject({
    probes: 100,
    failed: 5,
    fromMs: START_MS,
    toMs: START_MS + 99 * MINUTE_MS,
    initialize: { medianMs: 52, p95Ms: 95, p99Ms: 99, maxMs: 99 },
    reasons: [["timeout", 5]],
    budget: null,
  });
});

test("a history without a handshake has no latency, and no trend", () => {
  expect(figuresOf(history({ count: 30, ms: () => null }), null)).toMatchObject({
    initialize: null,
    trend: { verdict: "unknown" },
    spikes: null,
  });
});

describe("the error budget", () => {
  // Three hours; the two failures lie in the last one.
  const probes = history({ count: 180, ms: (index) => (index === 150 || index === 160 ? null : 40) });
  const budget = (errorPercent: number) => figuresOf(probes, { errorPercent }).budget;

  test("is used as far as failures reach into what is allowed", () => {
    expect(budget(10)?.used).toBeCloseTo(2 / 18, 10);
    expect(budget(1)?.used).toBeCloseTo(2 / 1.8, 10);
  });

  test("burns as fast as the last hour says", () => {
    expect(budget(10)?.burnLastHour).toBeCloseTo(2 / 6, 10);
  });

  test("of nothing is more than used up by one failure, and not used by none", () => {
    expect(budget(0)?.used).toBe(Number.POSITIVE_INFINITY);
    expect(figuresOf(history({ count: 30, ms: () => 1 }), { errorPercent: 0 }).budget?.used).toBe(0);
  });
});

describe("the trend", () => {
  const trend = (ms: (index: number) => number, count = 90) => figuresOf(history({ count, ms }), null).trend.verdict;

  test("of times that grow, shrink and stay is said", () => {
    const random = seeded(3);
    expect(trend((index) => latency(random, 40 + index))).toBe("rising");
    expect(trend((index) => latency(random, 140 - index))).toBe("falling");
    expect(trend(() => latency(random, 40))).toBe("level");
  });

  test("of a growth that nobody feels is level", () => {
    expect(trend((index) => 100 + index / 20)).toBe("level");
  });

  test("of a few probes is unknown", () => {
    expect(trend((index) => index, 23)).toBe("unknown");
  });
});

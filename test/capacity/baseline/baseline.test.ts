import { describe, expect, test } from "vitest";
import {
  type Baseline,
  baselineJson,
  baselineOf,
  judgeBaseline,
  parseBaseline,
} from "../../../capacity/baseline/baseline.ts";
import { latency, seeded } from "../probe/probes.ts";

const OF = { server: "learn", tool: "search", takenAt: "2026-03-01T10:00:00Z" };
const steady = (ms: number): Baseline =>
  baselineOf(
    Array.from({ length: 100 }, (_, index) => ms + (index % 2)),
    OF,
  );

test("a baseline in figures", () => {
  const times = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(baselineOf(times, OF)).toMatchObject({
    calls: 100,
    meanMs: 50.5,
    medianMs: 50.5,
    p95Ms: 95,
    minMs: 1,
    maxMs: 100,
  });
});

test("the interval of the mean holds the true mean in 19 of 20, on 200 seeds", () => {
  const trueMean = 40 * Math.exp(0.125);
  const hits = Array.from({ length: 200 }, (_, seed) => {
    const random = seeded(seed);
    const { meanLowMs, meanHighMs } = baselineOf(
      Array.from({ length: 100 }, () => latency(random, 40)),
      OF,
    );
    return (meanLowMs ?? 0) <= trueMean && trueMean <= (meanHighMs ?? 0);
  }).filter(Boolean).length;
  expect(hits).toBeGreaterThanOrEqual(180);
});

test("fewer than ten calls have a mean, and no interval that anybody could be sure of", () => {
  expect(baselineOf([7], OF)).toMatchObject({ calls: 1, meanMs: 7, meanLowMs: null, meanHighMs: null });
  expect(
    baselineOf(
      Array.from({ length: 9 }, () => 7),
      OF,
    ).meanLowMs,
  ).toBeNull();
  expect(
    baselineOf(
      Array.from({ length: 10 }, () => 7),
      OF,
    ).meanLowMs,
  ).toBe(7);
  expect(judgeBaseline(baselineOf([90], OF), steady(40), null).lines.join(" ")).toContain("this may be chance");
  expect(judgeBaseline(baselineOf([90], OF), null, 80).lines).toEqual(["The mean is above its limit."]);
});

describe("against the stored one", () => {
  test.each([
    [40, "held"],
    [79, "held"],
    [82, "regression"],
  ] as const)("a mean of about %d ms where it was about 40 is %s", (ms, result) => {
    expect(judgeBaseline(steady(ms), steady(40), null).result).toBe(result);
  });

  test("a mean that a few slow calls doubled is one, and it is said that the median held", () => {
    const times = Array.from({ length: 100 }, (_, index) => (index % 20 === 0 ? 1_000 : 40));
    const { result, lines } = judgeBaseline(baselineOf(times, OF), steady(40), null);
    expect(result).toBe("regression");
    expect(lines.join(" ")).toContain("The median is 0.99 times as long: a few slow calls made the mean.");
  });

  test("a regression whose spread reaches below twice the mean is said to be unsure", () => {
    const random = seeded(1);
    const wide = baselineOf(
      Array.from({ length: 20 }, () => latency(random, 85)),
      OF,
    );
    expect(judgeBaseline(wide, steady(40), null).lines.join(" ")).toContain("take it again");
    expect(judgeBaseline(steady(200), steady(40), null).lines.join(" ")).not.toContain("take it again");
  });
});

describe("against a limit", () => {
  test("a mean above it fails, one within it holds, and the first time there is nothing else to compare with", () => {
    expect(judgeBaseline(steady(51), null, 50)).toMatchObject({
      result: "over-limit",
      lines: ["The mean is above its limit."],
    });
    expect(judgeBaseline(steady(40), null, 50)).toMatchObject({
      result: "held",
      lines: ["The mean is within its limit."],
    });
    expect(judgeBaseline(steady(40), null, null)).toEqual({ result: "held", lines: [] });
  });
});

test("a file is read as it was written, and what is none is none", () => {
  for (const taken of [steady(40), baselineOf([7], OF)]) expect(parseBaseline(baselineJson(taken))).toEqual(taken);
  for (const text of ["", "{}", "[]", '{"schema":2}']) expect(parseBaseline(text)).toBeNull();
});

import { describe, expect, test } from "vitest";
import { judgeDeployed } from "../../../capacity/probe/deployed.ts";
import { history, latency, MINUTE_MS, START_MS, seeded } from "./probes.ts";

const COUNT = 60;
const AT_MS = START_MS + (COUNT / 2) * MINUTE_MS;
const DAY = { atMs: AT_MS, windowMs: 24 * 60 * MINUTE_MS };

const judged = (beforeMs: number, afterMs: number, seed = 1) => {
  const random = seeded(seed);
  const ms = (_index: number, atMs: number) => latency(random, atMs < AT_MS ? beforeMs : afterMs);
  return judgeDeployed(history({ count: COUNT, ms }), DAY);
};

describe("a deployment after which the handshake", () => {
  test.each([
    ["takes twice as long", 40, 80, "risen"],
    ["takes half as long", 80, 40, "dropped"],
    ["takes as long", 40, 40, "held"],
  ] as const)("%s is said to have done so", (_how, before, after, verdict) => {
    expect(judged(before, after).verdict).toBe(verdict);
  });

  test("takes a little longer, as each probe proves, has held: nobody feels 5 %", () => {
    const ms = (_index: number, atMs: number) => (atMs < AT_MS ? 40 : 42);
    expect(judgeDeployed(history({ count: COUNT, ms }), DAY).verdict).toBe("held");
  });

  test("is as long is rarely called a regression, on 200 seeds", () => {
    const wrong = Array.from({ length: 200 }, (_, seed) => judged(40, 40, seed).verdict).filter(
      (each) => each !== "held",
    );
    expect(wrong.length).toBeLessThanOrEqual(8);
  });

  test("fails more often is a regression, whatever its latency", () => {
    const ms = (index: number, atMs: number) => (atMs >= AT_MS && index % 3 === 0 ? null : 40);
    expect(judgeDeployed(history({ count: COUNT, ms }), DAY)).toMatchObject({
      verdict: "fails-more",
      why: "33% of the probes failed after it, 0% before",
    });
  });

  test("fails once proves nothing", () => {
    const ms = (index: number) => (index === 40 ? null : 40);
    expect(judgeDeployed(history({ count: COUNT, ms }), DAY).verdict).toBe("held");
  });
});

test("with too few probes to either side nothing is said", () => {
  const probes = history({ count: 20, ms: () => 40 });
  const at = (index: number) => judgeDeployed(probes, { ...DAY, atMs: START_MS + index * MINUTE_MS });
  expect(at(7)).toMatchObject({ verdict: "not-judged", why: "7 probes before it, 8 are needed" });
  expect(at(13)).toMatchObject({ verdict: "not-judged", why: "7 probes after it, 8 are needed" });
  expect(at(8).verdict).toBe("held");
});

test("what lies outside of the window is not looked at", () => {
  // An hour before the deployment it was slow; within half an hour of it, it was quick on both sides.
  const probes = history({ count: 120, ms: (index) => (index < 30 ? 400 : 40) });
  const window = { atMs: START_MS + 60 * MINUTE_MS, windowMs: 30 * MINUTE_MS };
  expect(judgeDeployed(probes, window)).toMatchObject({ verdict: "held", before: { probes: 30, medianMs: 40 } });
});

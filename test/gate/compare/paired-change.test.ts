import { expect, test } from "vitest";
import type { Block } from "../../../gate/compare/blocks.ts";
import { figuresOf } from "../../../gate/compare/figures-of.ts";
import {
  changeOfDifference,
  type PairedSide,
  pairedDifference,
  weighedDifference,
} from "../../../gate/compare/paired-change.ts";
import type { Quantity } from "../../../gate/compare/quantity.ts";
import { Times, toUs } from "../../../record/times.ts";
import { seeded } from "../../capacity/ceiling/closed-network.ts";

interface Simulated {
  readonly seed: number;
  /** Of the second server's times. */
  readonly factor?: number;
  /** Of a side, in each of 20 seconds. */
  readonly perSecond?: number;
  /** Standard deviation of the logarithm of what slows a second on both sides. */
  readonly slowSeconds?: number;
}

/** Lognormal times around 100 ms on both sides, slowed by the same seconds. */
const sides = ({ seed, factor = 1, perSecond = 20, slowSeconds = 0.3 }: Simulated): [PairedSide, PairedSide] => {
  const random = seeded(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const slow = Array.from({ length: 20 }, () => Math.exp(slowSeconds * normal()));
  return [1, factor].map((each): PairedSide => {
    const blocks = slow.map((second): Block => {
      const times = new Times();
      for (let call = 0; call < perSecond; call++) times.record(toUs(100 * each * second * Math.exp(0.5 * normal())));
      return { seconds: 1, count: perSecond, failures: 0, times };
    });
    return { blocks, figures: figuresOf(blocks, { count: 20 * perSecond, failures: 0 }, 20) };
  }) as [PairedSide, PairedSide];
};

const changeOf = (quantity: Quantity, simulated: Simulated) => {
  const difference = pairedDifference(quantity, ...sides(simulated));
  return difference == null ? null : changeOfDifference(quantity, difference);
};

test.each(["p50Ms", "p95Ms", "meanMs"] as const)(
  "two alike differ in %s by chance in about one of twenty",
  (quantity) => {
    const rounds = 400;
    let claimed = 0;
    for (let seed = 1; seed <= rounds; seed++) if ((changeOf(quantity, { seed })?.p ?? 1) < 0.05) claimed += 1;
    // 5 % of 400 are 20; 36 is more than three and a half standard deviations above.
    expect(claimed).toBeLessThan(36);
  },
);

test("a server a quarter slower is told apart, however slow the seconds were that both had", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const change = changeOf("p50Ms", { seed, factor: 1.25, perSecond: 40, slowSeconds: 0.6 });
    expect(change?.p).toBeLessThan(0.05);
    expect(change?.low).toBeGreaterThan(0);
    expect(change?.high).toBeLessThan(60);
  }
});

test("too few calls say nothing, and neither does a side that has none", () => {
  expect(changeOf("p95Ms", { seed: 1, perSecond: 4 })).toBeNull();
  expect(changeOf("p99Ms", { seed: 1 })).toBeNull();
  expect(changeOf("p99Ms", { seed: 1, perSecond: 200 })).not.toBeNull();
  const [left] = sides({ seed: 1 });
  const nothing: PairedSide = { blocks: [], figures: figuresOf([], { count: 0, failures: 0 }, 20) };
  expect(pairedDifference("p50Ms", left, nothing)).toBeNull();
  expect(pairedDifference("p50Ms", nothing, nothing)).toBeUndefined();
});

test("several names together are their weighed mean, surer than each, and never surer than two servers are alike", () => {
  const part = { before: 100, after: 110, at: Math.log(1.1), error: 0.04, freedom: 9 };
  const other = { before: 400, after: 400, at: 0, error: 0.04, freedom: 19 };
  const whole = weighedDifference([
    [0.5, part],
    [0.5, other],
  ]);
  expect(whole.before).toBeCloseTo(200);
  expect(whole.at).toBeCloseTo(Math.log(1.1) / 2);
  expect(whole.error).toBeCloseTo(0.04 / Math.SQRT2);
  expect(whole.freedom).toBe(9);
  expect(weighedDifference([[1, { ...part, error: 0.001 }]]).error).toBe(0.01);
});

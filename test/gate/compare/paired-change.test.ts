import { expect, test } from "vitest";
import type { Block } from "../../../gate/compare/blocks.ts";
import { figuresOf } from "../../../gate/compare/figures-of.ts";
import {
  changeOfDifference,
  type Difference,
  isCarried,
  type PairedName,
  type PairedSide,
  pairedDifference,
  workDifference,
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

interface Restless {
  readonly seed: number;
  readonly names?: number;
  readonly factor?: number;
  /** How much of what slows a block of a server stays for its next one. */
  readonly alike?: number;
}

/** Names of two servers of which each has slow blocks of its own, by 10 %, that slow all of its names. */
const restlessNames = ({ seed, names = 8, factor = 1, alike = 0 }: Restless): PairedName[] => {
  const random = seeded(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const [a, b] = [1, factor].map((each): PairedSide[] => {
    let wave = normal();
    const slow = Array.from({ length: 20 }, () => {
      wave = alike * wave + Math.sqrt(1 - alike ** 2) * normal();
      return each * Math.exp(0.1 * wave);
    });
    return Array.from({ length: names }, () => {
      const blocks = slow.map((factorOfBlock): Block => {
        const times = new Times();
        for (let call = 0; call < 10; call++) times.record(toUs(100 * factorOfBlock * Math.exp(0.3 * normal())));
        return { seconds: 1, count: 10, failures: 0, times };
      });
      return { blocks, figures: figuresOf(blocks, { count: 200, failures: 0 }, 20) };
    });
  }) as [PairedSide[], PairedSide[]];
  return a.map((side, index) => ({ a: side, b: b[index] as PairedSide, weight: 200 }));
};

/** Of 150 simulated runs, how many claim a difference. */
const claims = (simulated: Omit<Restless, "seed">): number => {
  let claimed = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const difference = workDifference("p50Ms", restlessNames({ ...simulated, seed }));
    if (difference !== null && changeOfDifference("p50Ms", difference).p < 0.05) claimed += 1;
  }
  return claimed;
};

test("what slows all names of one server in the same block is one thing, and no witness for each name", () => {
  // 5 % of 150 are 7.5; of names taken as independent it is 46.
  expect(claims({})).toBeLessThan(18);
});

test("blocks that are like their neighbours count for less", () => {
  // 12 of 150; of blocks taken as independent it is 26.
  expect(claims({ names: 2, alike: 0.6 })).toBeLessThan(20);
});

test("a server a quarter slower is told by all of its names together", () => {
  expect(claims({ factor: 1.25 })).toBeGreaterThan(140);
});

test("two servers are never surer than 1 % alike, and a rare name has too few blocks to take part", () => {
  const names = restlessNames({ seed: 1 });
  const [first] = names as [PairedName];
  const whole = workDifference("p50Ms", [{ ...first, b: first.a }]);
  expect([whole?.at, whole?.error]).toEqual([0, 0.01]);
  const rare: PairedName = {
    ...first,
    b: { ...first.b, blocks: first.b.blocks.map((block) => ({ ...block, times: new Times() })) },
  };
  expect([isCarried("p50Ms", names), isCarried("p50Ms", [...names, rare])]).toEqual([true, false]);
  expect(workDifference("p50Ms", [...names, rare])).toBeNull();
});

/** 50 operations a block, or none where the server stands still; a few more or less by the seed. */
const rateSide = (seed: number, isStill: (block: number) => boolean): PairedSide => {
  const random = seeded(seed);
  const blocks = Array.from({ length: 20 }, (_, index): Block => {
    const count = isStill(index) ? 0 : 45 + Math.floor(11 * random());
    return { seconds: 1, count, failures: 0, times: new Times() };
  });
  const count = blocks.reduce((sum, block) => sum + block.count, 0);
  return { blocks, figures: figuresOf(blocks, { count, failures: 0 }, 20) };
};

test.each([
  ["in every second block", (block: number) => block % 2 === 1, -50],
  ["for the second half", (block: number) => block >= 10, -50],
  ["from the second block on", (block: number) => block >= 1, -99.9],
])("a server that stands still %s did less", (_when, isStill, lost) => {
  const difference = pairedDifference(
    "throughput",
    rateSide(1, () => false),
    rateSide(2, isStill),
  );
  const change = changeOfDifference("throughput", difference as Difference);
  expect(Math.abs(change.change - lost)).toBeLessThan(4);
  expect(change.p).toBeLessThan(0.02);
});

test("two that did as much show no loss, and of a handful of operations nothing is said", () => {
  const alike = pairedDifference(
    "throughput",
    rateSide(1, () => false),
    rateSide(2, () => false),
  );
  expect(changeOfDifference("throughput", alike as Difference).p).toBeGreaterThan(0.05);
  const idle = rateSide(3, () => true);
  expect(pairedDifference("throughput", idle, idle) ?? null).toBeNull();
});

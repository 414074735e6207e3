import { expect, test } from "vitest";
import { percentileInterval } from "../../record/percentile-interval.ts";
import { Times, toUs } from "../../record/times.ts";

/** Runs of each kind; with `npm run long` as many that the share in them is known to within half a percent. */
const RUNS = process.env.SWARMBRIDGE_LONG === undefined ? 400 : 4_000;
const BATCHES = 10;

const timesOf = (values: readonly number[]): Times => {
  const times = new Times();
  for (const ms of values) times.record(toUs(ms));
  return times;
};

const upTo = (count: number): Times => timesOf(Array.from({ length: count }, (_, index) => index + 1));

// By the binomial distribution, from the printed tables for medians: of 10 values the 2nd and 9th, of 25 the 8th and 18th.
test.each([
  [10, 50, 2, 9],
  [25, 50, 8, 18],
  [6, 50, 1, 6],
  [1_000, 50, 469, 532],
])("of %i values the interval of p%i lies from the %ith to the %ith", (count, percentile, lowMs, highMs) => {
  const interval = percentileInterval(upTo(count), percentile);
  expect([interval.lowMs, interval.highMs].map((ms) => Math.round(ms ?? 0))).toEqual([lowMs, highMs]);
});

test("what the sample has no value for is open: the median of five, the p99 of 367", () => {
  expect(percentileInterval(upTo(5), 50)).toEqual({ lowMs: null, highMs: null });
  expect(percentileInterval(upTo(367), 99).highMs).toBeNull();
  expect(percentileInterval(upTo(368), 99).highMs).toBe(368);
  expect(percentileInterval(new Times(), 99)).toEqual({ lowMs: null, highMs: null });
});

test("a low percentile is a high one from the other end", () => {
  const { lowMs, highMs } = percentileInterval(upTo(1_000), 5);
  const high = percentileInterval(upTo(1_000), 95);
  expect([1_001 - Math.round(highMs ?? 0), 1_001 - Math.round(lowMs ?? 0)]).toEqual([
    Math.round(high.lowMs ?? 0),
    Math.round(high.highMs ?? 0),
  ]);
});

test("of so many calls that their distribution cannot be written down it is the normal one's", () => {
  const { lowMs, highMs } = percentileInterval(upTo(100_000), 50);
  expect(lowMs).toBeGreaterThan(49_690 * 0.999);
  expect(lowMs).toBeLessThan(49_690 * 1.002);
  expect(highMs).toBeGreaterThan(50_311 * 0.999);
  expect(highMs).toBeLessThan(50_311 * 1.002);
});

test("slow calls that came together in one stretch tell less than as many that are spread", () => {
  const calm = Array.from({ length: 100 }, (_, index) => 20 + index / 100);
  const slow = Array.from({ length: 100 }, (_, index) => 500 + index);
  const together = Array.from({ length: BATCHES }, (_, batch) => timesOf(batch === 4 ? slow : calm));
  const spread = Array.from({ length: BATCHES }, (_, batch) =>
    timesOf([...calm.slice(0, 90), ...slow.slice(batch * 10, batch * 10 + 10)]),
  );
  const wholeOf = (batches: readonly Times[]): Times => {
    const whole = new Times();
    for (const each of batches) whole.add(each);
    return whole;
  };
  expect(percentileInterval(wholeOf(spread), 95, spread).highMs).toBeLessThan(600);
  expect(percentileInterval(wholeOf(together), 95, together).highMs).toBeNull();
});

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
const randomFrom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const normalFrom = (random: () => number) => (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

type Server = (random: () => number) => (second: number) => number;

const lognormal: Server = (random) => {
  const normal = normalFrom(random);
  return () => 50 * Math.exp(0.8 * normal());
};

/** One call in ten is twenty times as slow. */
const bimodal: Server = (random) => {
  const normal = normalFrom(random);
  return () => (random() < 0.9 ? 20 * Math.exp(0.1 * normal()) : 400 * Math.exp(0.2 * normal()));
};

/** Each second is nearly as slow as the one before: what is slow stays so for some seconds. */
const alike: Server = (random) => {
  const normal = normalFrom(random);
  let level = normal();
  let at = 0;
  return (second) => {
    for (; at < second; at++) level = 0.7 * level + Math.sqrt(0.51) * normal();
    return 50 * Math.exp(0.5 * level + 0.5 * normal());
  };
};

const ALIKE_TRUTH = { 95: 50 * Math.exp(Math.SQRT1_2 * 1.6449), 99: 50 * Math.exp(Math.SQRT1_2 * 2.3263) };

/** The true percentiles follow from the normal distribution's at 1.645 and 2.326, of the slow mode at 0 and 1.2816. */
test.each([
  ["lognormal times", 93, lognormal, 60, { 95: 50 * Math.exp(0.8 * 1.6449), 99: 50 * Math.exp(0.8 * 2.3263) }],
  ["two kinds of times", 93, bimodal, 60, { 95: 400, 99: 400 * Math.exp(0.2 * 1.2816) }],
  ["seconds that are alike, in ten minutes,", 93, alike, 600, ALIKE_TRUTH],
  // Each stretch of a short run is like the next: it differs too little. docs/measurement.md admits it.
  ["seconds that are alike, in one minute,", 83, alike, 60, ALIKE_TRUTH],
] as const)(
  "of %s the true p95 and p99 lie inside in %d of 100 runs or more",
  (_what, least, server, seconds, truth) => {
    const inside = { 95: 0, 99: 0 };
    for (let seed = 1; seed <= RUNS; seed++) {
      const timeAt = server(randomFrom(seed));
      const whole = new Times();
      const batches = Array.from({ length: BATCHES }, () => new Times());
      for (let second = 0; second < seconds; second++) {
        for (let call = 0; call < 10; call++) {
          const us = toUs(timeAt(second));
          whole.record(us);
          batches[Math.floor((BATCHES * second) / seconds)]?.record(us);
        }
      }
      for (const percentile of [95, 99] as const) {
        const { lowMs, highMs } = percentileInterval(whole, percentile, batches);
        const isInside = (lowMs ?? 0) <= truth[percentile] && truth[percentile] <= (highMs ?? Number.POSITIVE_INFINITY);
        if (isInside) inside[percentile] += 1;
      }
    }
    expect((100 * inside[95]) / RUNS).toBeGreaterThanOrEqual(least);
    expect((100 * inside[99]) / RUNS).toBeGreaterThanOrEqual(least);
  },
);

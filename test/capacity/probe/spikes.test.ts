import { describe, expect, test } from "vitest";
import { spikesOf } from "../../../capacity/probe/spikes.ts";
import { history, latency, MINUTE_MS, seeded } from "./probes.ts";

/** A day of a probe a minute, slow where `isSlow` says. */
const day = (isSlow: (index: number) => boolean, seed = 1, everyMs = MINUTE_MS) => {
  const random = seeded(seed);
  return spikesOf(history({ count: 1_440, everyMs, ms: (index) => (isSlow(index) ? 900 : latency(random, 40)) }));
};

describe("spikes", () => {
  test("of ordinary latencies, spread as they are, there are hardly any", () => {
    expect(day(() => false)?.share).toBeLessThan(0.005);
  });

  test("that follow each other are one event", () => {
    const spikes = spikesOf(history({ count: 60, ms: (index) => (index >= 20 && index < 25 ? 900 : 40) }));
    expect(spikes).toMatchObject({ count: 5, share: 5 / 60 });
    expect(spikes?.startsMs).toHaveLength(1);
  });

  test("are not looked for among a handful of probes", () => {
    expect(spikesOf(history({ count: 19, ms: () => 40 }))).toBeNull();
  });

  test("of a server that answers within a few ms are more than a scheduler's whim", () => {
    expect(spikesOf(history({ count: 60, ms: (index) => (index === 30 ? 15 : 2) }))?.count).toBe(0);
  });
});

describe("the period of spikes", () => {
  test.each([
    ["five minutes", 5],
    ["a quarter of an hour", 15],
    ["an hour", 60],
    ["7 minutes, which nobody would have thought of", 7],
  ])("is found when it is %s", (_name, minutes) => {
    expect(day((index) => index % minutes === 3)?.periodMs).toBe(minutes * MINUTE_MS);
  });

  test("is found when one in five does not show", () => {
    expect(day((index) => index % 15 === 3 && index % 75 !== 3)?.periodMs).toBe(15 * MINUTE_MS);
  });

  test("is seldom found where there is none, on 100 seeds", () => {
    const found = Array.from({ length: 100 }, (_, seed) => {
      const random = seeded(seed + 1_000);
      return day(() => random() < 0.02, seed)?.periodMs;
    }).filter((periodMs) => periodMs !== null);
    expect(found.length).toBeLessThanOrEqual(2);
  });

  test("is not said of seven spikes, however regular", () => {
    const probes = history({ count: 7 * 60, ms: (index) => (index % 60 === 3 ? 900 : 40) });
    expect(spikesOf(probes)).toMatchObject({ count: 7, periodMs: null });
  });

  test("is not the distance of the probes themselves", () => {
    // Every other probe of one that looks every minute: two minutes are no period, that is how often it looks.
    expect(day((index) => index % 10 === 0 || index % 10 === 3, 1)?.periodMs).not.toBe(MINUTE_MS);
  });
});

import { expect, test } from "vitest";
import { everySoOften, type PaceClock } from "../../../cli/probe/pace.ts";

/** Each work takes as long as its row says; timers end `earlyMs` too early. @returns when work began, ms */
const began = async (tookMs: readonly number[], { forMs = 5_000, earlyMs = 0, abortAt = -1 } = {}) => {
  let now = 1_000;
  const stop = new AbortController();
  const clock: PaceClock = {
    now: () => now,
    wait: async (ms) => {
      now += Math.max(0, ms - earlyMs);
    },
  };
  const moments: number[] = [];
  const work = async (): Promise<void> => {
    moments.push(now - 1_000);
    now += tookMs[moments.length - 1] ?? 10;
    if (moments.length - 1 === abortAt) stop.abort();
  };
  await everySoOften({ everyMs: 1_000, forMs, signal: stop.signal }, work, clock);
  return moments;
};

test("the moments are planned: what the work takes does not move the next", async () => {
  expect(await began([300, 10, 999])).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
});

test("a moment that passed meanwhile is left out", async () => {
  expect(await began([10, 2_500])).toEqual([0, 1_000, 4_000]);
});

test("a timer that ends early does not make two of one moment", async () => {
  expect(await began([], { earlyMs: 0.5, forMs: 3_000 })).toEqual([0, 999.5, 1_999.5]);
});

test("for no time it is done once, and after an end never again", async () => {
  expect(await began([], { forMs: 0 })).toEqual([0]);
  expect(await began([], { abortAt: 1 })).toEqual([0, 1_000]);
});

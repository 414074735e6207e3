import { expect, test } from "vitest";
import { memoryLeak } from "../../diagnosis/rule/memory-leak.ts";
import type { ServerView } from "../../diagnosis/server-view.ts";
import { growthOf } from "../../record/memory-growth.ts";

const MB = 1e6;

/** Of a run in which memory was read so many times, evenly, while so many calls were made a second. */
const judged = (bytes: (share: number) => number, { runS = 10, callsPerSecond = 150 } = {}): string | null => {
  const count = 40;
  const readings = Array.from({ length: count }, (_, index) => ({
    atMs: (index / (count - 1)) * runS * 1000,
    bytes: bytes(index / (count - 1)),
  }));
  const seconds = Array.from({ length: runS }, (_, second) => ({
    ...{ second, count: callsPerSecond, failures: 0, calls: callsPerSecond, sessions: 10 },
  }));
  return memoryLeak({ memory: growthOf(readings, seconds, 0) } as ServerView);
};

const HOUR = { runS: 3600, callsPerSecond: 2 };

test.each([
  ["200 kB of each call stay", (share: number) => (80 + 300 * share) * MB, {}],
  ["10 kB of each call stay, for an hour", (share: number) => (100 + 72 * share) * MB, HOUR],
  [
    "the same with a heap that is swept now and then",
    (share: number) => (100 + 72 * share + 20 * ((share * 17) % 1)) * MB,
    HOUR,
  ],
])("a leak is named when %s", (_what, bytes, run) => {
  expect(judged(bytes, run)).toMatch(/^memory grew from \d+ to \d+ MB over [\d,]+ calls in .*per 1,000 calls/);
});

test.each([
  ["stands still", () => 100 * MB, {}],
  ["is swept now and then", (share: number) => (100 + 60 * ((share * 9) % 1)) * MB, HOUR],
  ["fills a cache and stops", (share: number) => (80 + 250 * Math.min(1, 2 * share)) * MB, {}],
  ["settles", (share: number) => (80 + 300 * (1 - Math.exp(-6 * share))) * MB, HOUR],
  ["grows a little in a short run", (share: number) => (80 + 40 * share) * MB, {}],
  ["falls", (share: number) => (400 - 300 * share) * MB, {}],
  ["grows by a tenth in an hour", (share: number) => (100 + 10 * share) * MB, HOUR],
  ["grows fast over too few calls", (share: number) => (80 + 300 * share) * MB, { callsPerSecond: 30 }],
])("none is named when memory %s", (_what, bytes, run) => {
  expect(judged(bytes, run)).toBeNull();
});

test("nothing is said of memory that nobody measured", () => {
  expect(memoryLeak({ memory: null } as ServerView)).toBeNull();
});

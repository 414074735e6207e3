import { expect, test } from "vitest";
import type { ServerSecond } from "../../record/server-seconds.ts";
import { cleanUpTo } from "../../report/carried.ts";

const LIMITS = { p99Ms: 1000, errorPercent: 1 };

const rows = (...each: readonly (readonly [sessions: number, p99Ms: number, failures?: number])[]): ServerSecond[] =>
  each.map(([sessions, p99Ms, failures = 0], second) => ({
    ...{ second, sessions, p99Ms, failures },
    ...{ count: 50, calls: 50, p50Ms: 10 },
  }));

test("the limits held up to the sessions of the second before the first that broke one", () => {
  expect(cleanUpTo(rows([4, 100], [8, 200], [12, 1500], [16, 90]), LIMITS)).toBe(8);
  expect(cleanUpTo(rows([4, 100], [8, 200, 1], [12, 100]), LIMITS)).toBe(4);
});

test("what breaks once all sessions are there says nothing about fewer", () => {
  expect(cleanUpTo(rows([4, 100], [8, 200], [8, 1500]), LIMITS)).toBeNull();
});

test("without a good second before there is no such number, nor where nobody counted sessions", () => {
  expect(cleanUpTo(rows([4, 2000], [8, 2000]), LIMITS)).toBeNull();
  const uncounted = rows([1, 100], [1, 2000]).map((row) => ({ ...row, sessions: null }));
  expect(cleanUpTo(uncounted, LIMITS)).toBeNull();
});

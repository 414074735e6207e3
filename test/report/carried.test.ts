import { expect, test } from "vitest";
import type { ServerSecond } from "../../record/server-seconds.ts";
import { carriedBy, cleanUpTo } from "../../report/carried.ts";
import { many, writtenRun } from "../record/written-run.ts";

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

test("only what broke is looked for in the seconds, a p95 as well", () => {
  const seconds = rows([4, 100], [8, 5000], [12, 100]).map((row, at) => ({ ...row, p95Ms: at === 2 ? 900 : 50 }));
  expect(cleanUpTo(seconds, { p95Ms: 500 })).toBe(8);
});

/** A call a second, slow once all four sessions are there. */
const growing = (fields: { readonly name?: string; readonly responseMs?: number }) => {
  const calls = [1, 2, 3].flatMap((second) =>
    many(20, { endMs: second * 1000 - 500, serviceMs: second === 3 ? 900 : 20 }).map((each) => ({
      ...each,
      ...(second === 3 && fields),
    })),
  );
  const servers = { learn: { url: "http://127.0.0.1:1/mcp", slo: { p95Ms: 500 } } };
  return writtenRun([...calls, ...many(50, { endMs: 100, serviceMs: 20 })], { identity: { servers } });
};

test("nothing is said of the seconds when other calls than the most frequent ones broke the limit", () => {
  const [own] = carriedBy(growing({ name: "learn:tools/call:report" }));
  expect(own).toMatchObject({ isKept: false, cleanUpTo: null });
});

test("what was cut off is in no rate, and a server of which all was is not said to have kept anything", () => {
  const [cut] = carriedBy(writtenRun(many(5, { outcome: "cancelled" })));
  expect(cut).toMatchObject({ operations: 0, perSecond: 0, uses: [], isKept: false, cleanUpTo: null });
});

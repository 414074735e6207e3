import { expect, test } from "vitest";
import { BY_LOAD, lightestLoad } from "../../../record/facts/by-load.ts";
import { SEARCH, sample } from "../samples.ts";

const keeperOf = (...calls: { underWay: number; serviceMs?: number; outcome?: "ok" | "http-503" }[]) => {
  const keeper = BY_LOAD.keeper();
  for (const call of calls) keeper.hear(sample(call));
  return keeper;
};

test("calls are kept in bands of twice the load", () => {
  const section = keeperOf(...[1, 2, 3, 4, 5, 8, 9, 16, 17].map((underWay) => ({ underWay }))).section();
  expect(section[SEARCH]?.map(({ most, underWay, outcomes }) => [most, underWay, outcomes.ok])).toEqual([
    [1, 1, 1],
    [2, 2, 1],
    [4, 7, 2],
    [8, 13, 2],
    [16, 25, 2],
    [32, 17, 1],
  ]);
});

test("a failure has no time", () => {
  const [band] = keeperOf({ underWay: 1, serviceMs: 20 }, { underWay: 1, outcome: "http-503" }).section()[SEARCH] ?? [];
  expect(band?.outcomes).toEqual({ ok: 1, "http-503": 1 });
  expect(band?.ok).toHaveLength(2);
});

test("two parts add up to what one would have seen", () => {
  const calls = [1, 3, 3, 40, 1e6].map((underWay, index) => ({ underWay, serviceMs: 10 ** index }));
  const parts = BY_LOAD.keeper();
  for (const call of calls) parts.add(keeperOf(call).section());
  expect(parts.section()).toEqual(keeperOf(...calls).section());
  expect(BY_LOAD.schema.parse(parts.section())).toEqual(parts.section());
});

test("what did not come to the server's work is left out", () => {
  const keeper = BY_LOAD.keeper();
  keeper.hear(sample());
  expect(keeper.section()).toEqual({});
});

test("the lightest load is that of the quickest tool, and of no other server", () => {
  const keeper = keeperOf({ underWay: 1, serviceMs: 40 }, { underWay: 2, serviceMs: 3 });
  keeper.hear(sample({ name: "learn:tools/call:slow", underWay: 1, serviceMs: 900 }));
  keeper.hear(sample({ name: "learn:ping", underWay: 1, serviceMs: 1 }));
  expect(lightestLoad("learn", keeper.section())?.p50Ms).toBeCloseTo(40, -1);
  expect(lightestLoad("learn", keeper.section())?.underWay).toBe(1);
  expect(lightestLoad("other", keeper.section())).toBeNull();
  expect(lightestLoad("learn", undefined)).toBeNull();
});

test("where no call was alone the lightest load is the least that there was", () => {
  const section = keeperOf({ underWay: 3, serviceMs: 40 }, { underWay: 4, serviceMs: 40 }, { underWay: 9 }).section();
  expect(lightestLoad("learn", section)?.underWay).toBe(3.5);
});

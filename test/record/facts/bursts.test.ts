import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { type BurstEvent, lanesOfBursts } from "../../../record/facts/bursts.ts";
import { Facts } from "../../../record/facts/facts.ts";

const event = (over: Partial<BurstEvent> = {}): BurstEvent => ({
  name: "learn:parallel",
  calls: 3,
  spansMs: [10, 30, 12, 50, 11, 40],
  beforeMs: [],
  isAllOk: true,
  ...over,
});

const heard = (...events: readonly BurstEvent[]) => {
  const facts = new Facts();
  for (const each of events) facts.hear({ kind: "bursts", event: each });
  return facts.sections().bursts?.["learn:parallel"];
};

test("calls that overlap all at one moment were together", () => {
  expect(heard(event())).toMatchObject({ bursts: 1, calls: 3, together: 1, mostInFlight: 3, took: { maxMs: 40 } });
});

test("a call that was sent when another had ended was not together with it", () => {
  expect(heard(event({ spansMs: [10, 20, 12, 50, 20, 40] }))).toMatchObject({ together: 0, mostInFlight: 2 });
});

test("a call that never reached the server was together with nobody", () => {
  expect(heard(event({ spansMs: [10, 30, 12, 50], isAllOk: false }))).toMatchObject({
    calls: 3,
    together: 0,
    mostInFlight: 2,
  });
});

test("a burst of which nothing reached the server is counted and has no time", () => {
  expect(heard(event({ spansMs: [], isAllOk: false }))).toMatchObject({ bursts: 1, together: 0, took: { count: 0 } });
});

test("lanes are told by bursts that went well", () => {
  expect(heard(event({ isAllOk: false }))?.lanes.bursts).toBe(0);
  expect(heard(event())?.lanes.bursts).toBe(1);
});

test("bursts behind other calls are kept apart from those that had the server for themselves", () => {
  const told = heard(event(), event({ beforeMs: [5, 25] }));
  expect([told?.lanes.bursts, told?.lanesBehind.bursts]).toEqual([1, 1]);
});

/** Each call ends 10 ms after the one before it. */
const oneByOne = Array.from({ length: 10 }, (_, index) => [100 + index / 100, 150 + 10 * index + (index % 3)]).flat();

test.each([
  { light: { p50Ms: 12, underWay: 1 }, told: { fewest: 1, most: 1 }, what: "one lane" },
  // A pool of four that is always full lets its calls go one by one as well.
  { light: { p50Ms: 40, underWay: 1 }, told: null, what: "nothing" },
  { light: { p50Ms: 40, underWay: 3.5 }, told: { fewest: 1, most: 6 }, what: "one to six lanes" },
  { light: { p50Ms: 90, underWay: 9 }, told: null, what: "nothing" },
])("bursts behind others that end one by one tell $what where calls take $light at light load", ({ light, told }) => {
  const burst = heard(...Array(8).fill(event({ calls: 10, spansMs: oneByOne, beforeMs: [90, 140] })));
  const found = burst && lanesOfBursts(burst, light);
  if (told === null) expect(found).toBeNull();
  else expect(found).toMatchObject(told);
});

/** The same with nothing before it. */
const aloneOneByOne = oneByOne.map((ms, at) => (at % 2 === 1 ? ms - 40 : ms));

/** Ten calls, five at a time: 40 ms each. */
const byFives = Array.from({ length: 10 }, (_, index) => [100, 140 + 40 * Math.floor(index / 5) + index]).flat();
const LIGHT = { p50Ms: 12, underWay: 1 };

const told = (light: typeof LIGHT | null, ...events: readonly BurstEvent[]) => {
  const burst = heard(...events);
  return burst && lanesOfBursts(burst, light);
};
const many = (count: number, over: Partial<BurstEvent>): BurstEvent[] =>
  Array(count).fill(event({ calls: 10, ...over }));

test("that calls wait for each other is said of eight bursts, with figures of these", () => {
  expect(told(LIGHT, ...many(7, { spansMs: aloneOneByOne }))).toBeNull();
  const found = told(LIGHT, ...many(8, { spansMs: aloneOneByOne }), event({ calls: 10, spansMs: [0, 9_000] }));
  expect(found).toMatchObject({ fewest: 1, most: 1, bursts: 8 });
  expect(found?.tookMs).toBeCloseTo(100, -1);
});

test("bursts that had the server for themselves are believed only where their own work goes with calls at light load", () => {
  expect(told({ p50Ms: 60, underWay: 1 }, ...many(9, { spansMs: aloneOneByOne }))).toBeNull();
  expect(told(null, ...many(9, { spansMs: aloneOneByOne }))).toBeNull();
});

test("bursts behind others confirm those that had the server for themselves, or speak against them", () => {
  const alone = many(4, { spansMs: aloneOneByOne });
  expect(told(LIGHT, ...alone)).toBeNull();
  expect(told(LIGHT, ...alone, ...many(6, { spansMs: oneByOne, beforeMs: [90, 140] }))).toMatchObject({ most: 1 });
  const atOnce = oneByOne.map((ms, at) => (at % 2 === 1 ? 150 + (at % 5) : ms));
  expect(
    told(LIGHT, ...many(9, { spansMs: aloneOneByOne }), ...many(6, { spansMs: atOnce, beforeMs: [90, 95] })),
  ).toBeNull();
});

test("a burst that is over within 50 ms of one call's work has waited for nothing", () => {
  const quick = aloneOneByOne.map((ms) => 100 + (ms - 100) / 3);
  expect(told({ p50Ms: 4, underWay: 1 }, ...many(9, { spansMs: quick }))).toBeNull();
  expect(told({ p50Ms: 40, underWay: 1 }, ...many(9, { spansMs: byFives }))).toBeNull();
});

test("a server that answers each call 10 ms later, over sockets, is not one that takes one after the other", async () => {
  const server = createServer((_, response) => void setTimeout(() => response.end("done"), 10)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const events: BurstEvent[] = [];
  for (let each = 0; each < 12; each++) {
    const spans = Array.from({ length: 10 }, async () => {
      const sentMs = performance.now();
      await (await fetch(url)).text();
      return [sentMs, performance.now()];
    });
    events.push(event({ calls: 10, spansMs: (await Promise.all(spans)).flat() }));
  }
  server.close();
  server.closeAllConnections();
  for (const light of [LIGHT, { p50Ms: 1, underWay: 1 }]) {
    expect(told(light, ...events)?.lanes ?? "all").toBe("all");
  }
});

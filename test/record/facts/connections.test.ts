import { expect, test } from "vitest";
import { CONNECTIONS, type ConnectionsEvent } from "../../../record/facts/connections.ts";

const event = (over: Partial<ConnectionsEvent> = {}): ConnectionsEvent => ({
  server: "learn",
  atMs: 1_000,
  requests: 0,
  opened: {},
  closedByServer: 0,
  closedByUs: 0,
  failed: {},
  open: 0,
  streams: 0,
  ...over,
});

const heard = (...events: readonly ConnectionsEvent[]) => {
  const keeper = CONNECTIONS.keeper();
  for (const each of events) keeper.hear(each);
  return keeper.section();
};

test("counts add up over the events, and what neither opened nor failed was used again", () => {
  const { learn } = heard(
    event({ requests: 10, opened: { "http/1.1": 2 }, failed: { ECONNREFUSED: 1 }, open: 2 }),
    event({ requests: 5, opened: { "http/1.1": 1, h2: 1 }, closedByServer: 1, closedByUs: 2, open: 4, atMs: 2_000 }),
  );
  expect(learn).toMatchObject({
    requests: 15,
    opened: { "http/1.1": 3, h2: 1 },
    failed: { ECONNREFUSED: 1 },
    reused: 10,
    closedByServer: 1,
    closedByUs: 2,
    peakOpen: 4,
  });
});

test("servers are kept apart", () => {
  const section = heard(event({ requests: 1 }), event({ server: "github", requests: 2 }));
  expect(Object.entries(section).map(([name, { requests }]) => [name, requests])).toEqual([
    ["learn", 1],
    ["github", 2],
  ]);
});

test("the peaks of processes that were there together are added", () => {
  const keeper = CONNECTIONS.keeper();
  keeper.add(heard(event({ open: 100, streams: 10 }), event({ atMs: 9_000 })));
  keeper.add(heard(event({ open: 50, streams: 5, atMs: 2_000 }), event({ atMs: 8_000 })));
  expect(keeper.section().learn).toMatchObject({ peakOpen: 150, peakStreams: 15 });
});

test("the peak of a bridge that was lost is not added to that of the one that went on", () => {
  const keeper = CONNECTIONS.keeper();
  keeper.add(heard(event({ open: 100 }), event({ atMs: 4_000 })));
  keeper.hear(event({ open: 80, atMs: 5_000 }));
  expect(keeper.section().learn?.peakOpen).toBe(100);
});

test("a section is another object each time, and fit for its schema", () => {
  const keeper = CONNECTIONS.keeper();
  keeper.hear(event({ requests: 1, opened: { stdio: 1 }, open: 1 }));
  const first = keeper.section();
  keeper.hear(event({ requests: 1, atMs: 3_000 }));
  expect(first.learn?.requests).toBe(1);
  expect(CONNECTIONS.schema.parse(JSON.parse(JSON.stringify(keeper.section())))).toEqual(keeper.section());
});

test("codes that nobody knows are bounded", () => {
  const failed = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`E${n}`, 1]));
  const { learn } = heard(event({ failed }));
  expect(Object.keys(learn?.failed ?? {})).toHaveLength(31);
  expect(learn?.failed.other).toBe(470);
});

test("many processes stay bounded", () => {
  const keeper = CONNECTIONS.keeper();
  for (let n = 0; n < 300; n++) keeper.add(heard(event({ open: 1 })));
  expect(keeper.section().learn?.spans).toHaveLength(256);
  expect(keeper.section().learn?.peakOpen).toBe(300);
});

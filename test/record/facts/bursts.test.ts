import { expect, test } from "vitest";
import type { BurstEvent } from "../../../record/facts/bursts.ts";
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

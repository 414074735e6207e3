import { expect, test } from "vitest";
import { type BurstPlace, Bursts } from "../../bridge/bursts.ts";
import { Operation } from "../../bridge/operation.ts";

const operation = (sentMs: number, endMs: number): Operation => {
  const one = new Operation(1, 0);
  Object.assign(one, { sentMs, endMs });
  return one;
};

const place = (over: Partial<BurstPlace> = {}): BurstPlace => ({ id: 1, of: 2, turn: null, ...over });

test("a burst is told with its last call, with the stamps of all", () => {
  const bursts = new Bursts();
  expect(bursts.ended(operation(10, 30), place(), "learn", "ok")).toBeNull();
  expect(bursts.ended(operation(11, 40), place(), "learn", "ok")).toEqual({
    name: "learn:parallel",
    calls: 2,
    spansMs: [10, 30, 11, 40],
    beforeMs: [],
    isAllOk: true,
  });
});

test("a burst in a turn has the turn's name", () => {
  expect(new Bursts().ended(operation(1, 2), place({ of: 1, turn: "research" }), "learn", "ok")?.name).toBe(
    "learn:turn:research",
  );
});

test("a call that never reached a socket is counted in its burst and has no stamps", () => {
  const bursts = new Bursts();
  bursts.ended(operation(0, 0), place(), "learn", "connect");
  expect(bursts.ended(operation(11, 40), place(), "learn", "ok")).toMatchObject({
    calls: 2,
    spansMs: [11, 40],
    isAllOk: false,
  });
});

test("what its server had to do when it began is told with it, as far as it was sent", () => {
  const bursts = new Bursts();
  const [early, unsent, open] = [operation(5, 0), operation(0, 0), operation(6, 0)];
  bursts.began(place(), () => [early, unsent, open]);
  bursts.began(place(), () => expect.unreachable("asked with the first call only"));
  bursts.ended(operation(10, 30), place(), "learn", "ok");
  early.endMs = 25;
  const [earlySent = 0, earlyEnd = 0, openSent = 0, openEnd = 0, ...rest] =
    bursts.ended(operation(11, 40), place(), "learn", "ok")?.beforeMs ?? [];
  expect([earlySent, earlyEnd, openSent, rest]).toEqual([5, 25, 6, []]);
  expect(openEnd).toBeGreaterThan(40);
});

test("bursts of several users do not mix", () => {
  const bursts = new Bursts();
  bursts.ended(operation(10, 30), place({ id: 1 }), "learn", "ok");
  expect(bursts.ended(operation(10, 30), place({ id: 2 }), "learn", "ok")).toBeNull();
  expect(bursts.ended(operation(10, 30), place({ id: 1 }), "learn", "ok")).not.toBeNull();
});

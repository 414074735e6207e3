import { expect, test } from "vitest";
import { type BurstPlace, Bursts } from "../../bridge/bursts.ts";
import { Operation } from "../../bridge/operation.ts";

const operation = (sentMs: number, endMs: number, underWay: number): Operation => {
  const one = new Operation(1, 0);
  Object.assign(one, { sentMs, endMs, underWay });
  return one;
};

const place = (over: Partial<BurstPlace> = {}): BurstPlace => ({ id: 1, of: 2, turn: null, ...over });

test("a burst is told with its last call, with the stamps of all", () => {
  const bursts = new Bursts();
  expect(bursts.ended(operation(10, 30, 2), place(), "learn", "ok")).toBeNull();
  expect(bursts.ended(operation(11, 40, 1), place(), "learn", "ok")).toEqual({
    name: "learn:parallel",
    calls: 2,
    spansMs: [10, 30, 11, 40],
    isAlone: true,
    isAllOk: true,
  });
});

test("a burst in a turn has the turn's name", () => {
  expect(new Bursts().ended(operation(1, 2, 1), place({ of: 1, turn: "research" }), "learn", "ok")?.name).toBe(
    "learn:turn:research",
  );
});

test("a call that never reached a socket is counted in its burst and has no stamps", () => {
  const bursts = new Bursts();
  bursts.ended(operation(0, 0, 0), place(), "learn", "connect");
  expect(bursts.ended(operation(11, 40, 1), place(), "learn", "ok")).toMatchObject({
    calls: 2,
    spansMs: [11, 40],
    isAlone: false,
    isAllOk: false,
  });
});

test.each([
  { what: "another call was under way before it", underWay: [2, 3] },
  { what: "another call came in its middle", underWay: [1, 3] },
])("a burst is not alone when $what", ({ underWay: [first = 0, second = 0] }) => {
  const bursts = new Bursts();
  bursts.ended(operation(10, 30, first), place(), "learn", "ok");
  expect(bursts.ended(operation(10, 30, second), place(), "learn", "ok")?.isAlone).toBe(false);
});

test("bursts of several users do not mix", () => {
  const bursts = new Bursts();
  bursts.ended(operation(10, 30, 1), place({ id: 1 }), "learn", "ok");
  expect(bursts.ended(operation(10, 30, 1), place({ id: 2 }), "learn", "ok")).toBeNull();
  expect(bursts.ended(operation(10, 30, 2), place({ id: 1 }), "learn", "ok")).not.toBeNull();
});

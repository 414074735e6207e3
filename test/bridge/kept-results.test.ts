import { expect, test } from "vitest";
import { KeptResults } from "../../bridge/kept-results.ts";
import { Operation } from "../../bridge/operation.ts";

const operation = (id: number): Operation => new Operation(id, 0);

test("results have room together, and what ends gives its room back", () => {
  const kept = new KeptResults(100);
  const [first, second] = [operation(1), operation(2)];
  expect(kept.hold(first, 60)).toBe(true);
  expect(kept.hold(second, 41)).toBe(false);
  expect(kept.hold(second, 40)).toBe(true);
  expect(kept.hold(first, 61)).toBe(false);
  kept.release(first);
  expect(kept.hold(second, 100)).toBe(true);
});

test("what an operation holds is counted once, however often it says so", () => {
  const kept = new KeptResults(100);
  const only = operation(1);
  for (const bytes of [30, 30, 10, 50]) expect(kept.hold(only, bytes)).toBe(true);
  expect(kept.hold(operation(2), 50)).toBe(true);
  expect(kept.hold(operation(3), 1)).toBe(false);
});

test("what Python has not taken yet takes room, and one answer is let in when nothing is there", () => {
  const kept = new KeptResults(100);
  kept.waiting = () => 90;
  expect(kept.hold(operation(1), 11)).toBe(false);
  kept.waiting = () => 0;
  expect(kept.hold(operation(1), 1_000)).toBe(true);
});

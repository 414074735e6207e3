import { expect, test } from "vitest";
import { Operation } from "../../../bridge/operation.ts";
import { type CallSpan, callSpan } from "../../../bridge/telemetry/call-span.ts";
import { MOST_WAITING } from "../../../bridge/telemetry/call-tracer.ts";
import { SpanQueue } from "../../../bridge/telemetry/span-queue.ts";

const spans = (...names: string[]): CallSpan[] =>
  names.map((name) => {
    const operation = new Operation(1, 0);
    return callSpan({ operation, name, server: "a", outcome: "timeout", failure: null, endMs: 1 }, (text) => text);
  });
const many = (count: number): CallSpan[] => spans(...Array.from({ length: count }, (_, n) => `n${n}`));
const namesOf = (taken: readonly CallSpan[]): string[] => taken.map(({ name }) => name);

test("what could not be sent goes back to where it stood", () => {
  const queue = new SpanQueue();
  queue.add(spans("a", "b", "c"));
  const taken = queue.take(2);
  queue.add(spans("d"));
  expect(queue.putBack(taken)).toBe(0);
  expect(namesOf(queue.take(9))).toEqual(["a", "b", "c", "d"]);
  expect(queue.take(9)).toEqual([]);
});

test("of more than are kept the oldest go, and are counted, when they come and when they go back", () => {
  const queue = new SpanQueue();
  expect(queue.add(many(MOST_WAITING + 3))).toBe(3);
  const taken = queue.take(2);
  expect(namesOf(taken)).toEqual(["n3", "n4"]);
  expect(queue.add(spans("new"))).toBe(0);
  expect(queue.putBack(taken)).toBe(1);
  expect(namesOf(queue.take(1))).toEqual(["n4"]);
});

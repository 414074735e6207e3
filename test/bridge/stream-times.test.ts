import { expect, test } from "vitest";
import { Operation } from "../../bridge/operation.ts";

test("an answer of one event keeps nothing", () => {
  const operation = new Operation(1, 0);
  operation.hearEvent(10);
  expect(operation.stream).toBeNull();
});

test("a stream keeps the gaps between its events, and when its progress came", () => {
  const operation = new Operation(1, 0);
  operation.sentMs = 5;
  for (const atMs of [10, 30, 30, 130]) operation.hearEvent(atMs);
  for (const atMs of [10, 30]) operation.hearProgress(atMs);
  expect(operation.stream?.fact(operation.sentMs)).toEqual({
    events: 4,
    gapsMs: [20, 0, 100],
    largestGapMs: 100,
    progress: 2,
    firstProgressMs: 5,
    progressGapsMs: [20],
  });
});

test("a stream without end costs no more than a thousand gaps, and the largest is known", () => {
  const operation = new Operation(1, 0);
  for (let event = 1; event <= 5_000; event++) operation.hearEvent(event);
  operation.hearEvent(9_000);
  const fact = operation.stream?.fact(0);
  expect(fact?.gapsMs).toHaveLength(1_000);
  expect(fact).toMatchObject({ events: 5_001, largestGapMs: 4_000 });
});

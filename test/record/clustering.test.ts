import { expect, test } from "vitest";
import { clustering } from "../../record/clustering.ts";

test("events that all fall into one of ten batches make its calls worth one", () => {
  const batches = Array.from({ length: 10 }, (_, at) => ({ of: 100, events: at === 0 ? 100 : 0 }));
  expect(clustering(batches)).toBeCloseTo(100 * (10 / 9), 6);
});

test("a spread as chance makes it leaves each call worth one, and an even one no more than one", () => {
  // Of 100 calls with one event in two chance spreads the batches by 5.
  expect(clustering([45, 55].map((events) => ({ of: 100, events })))).toBeCloseTo(2, 6);
  expect(clustering([50, 50, 50].map((events) => ({ of: 100, events })))).toBe(1);
});

test("batches weigh by their calls, and empty ones say nothing", () => {
  const batches = [
    { of: 100, events: 10 },
    { of: 300, events: 90 },
  ];
  expect(clustering([...batches, { of: 0, events: 0 }])).toBe(clustering(batches));
});

test.each([
  ["no batch", []],
  ["one", [{ of: 10, events: 3 }]],
  ["no event", Array.from({ length: 4 }, () => ({ of: 10, events: 0 }))],
  ["nothing but events", Array.from({ length: 4 }, () => ({ of: 10, events: 10 }))],
])("%s says nothing about clusters", (_what, batches) => {
  expect(clustering(batches)).toBe(1);
});

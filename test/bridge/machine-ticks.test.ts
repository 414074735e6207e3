import { expect, test } from "vitest";
import { busyShare, readTicks } from "../../bridge/machine-ticks.ts";

const STAT = [
  "cpu  100 0 50 800 40 0 5 5 70 0",
  "cpu0 50 0 25 400 20 0 0 5 35 0",
  "cpu1 10 0 5 80 5 0 0 0 0 0",
  "cpu10 40 0 20 320 15 0 5 0 35 0",
  "intr 4 5 6",
  "ctxt 7",
].join("\n");

test("idle ticks are those without work and those that wait for a disk, guests are not counted twice", () => {
  expect(readTicks(STAT)).toEqual({ idle: 840, all: 1000 });
});

test("of some cores only theirs are counted, by their whole number", () => {
  expect(readTicks(STAT, new Set([1]))).toEqual({ idle: 85, all: 100 });
  expect(readTicks(STAT, new Set([0, 10]))).toEqual({ idle: 755, all: 900 });
  expect(readTicks(STAT, new Set([2]))).toEqual({ idle: 0, all: 0 });
});

test.each([
  ["a quarter idle", 25, 100, 0.75],
  ["idle time that the kernel took back", -3, 100, 1],
  ["nothing but idle", 101, 100, 0],
  ["no tick", 0, 0, undefined],
])("what went by: %s", (_what, idle, all, busy) => {
  expect(busyShare({ idle: 500, all: 900 }, { idle: 500 + idle, all: 900 + all })).toBe(busy);
});

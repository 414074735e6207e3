import { expect, test } from "vitest";
import { growthOf } from "../../record/memory-growth.ts";
import type { ServerSecond } from "../../record/server-seconds.ts";

const MB = 1e6;
const ORIGIN = 1_700_000_000_000;

/** So many calls a second, all sessions there from `fullAt` on. */
const seconds = (count: number, calls: number, fullAt = 0): ServerSecond[] =>
  Array.from({ length: count }, (_, second) => ({
    ...{ second, count: calls, failures: 0, calls },
    sessions: second < fullAt ? 1 : 20,
  }));

/** One reading a second, of what a server holds after so many seconds. */
const readings = (count: number, bytes: (second: number) => number) =>
  Array.from({ length: count }, (_, second) => ({ atMs: ORIGIN + second * 1000, bytes: bytes(second) }));

const growth = (bytes: (second: number) => number, { count = 30, calls = 100, fullAt = 0 } = {}) =>
  growthOf(readings(count, bytes), seconds(count, calls, fullAt), ORIGIN);

test("a server that keeps 200 kB a call is over both profiles, by calls and by time", () => {
  const found = growth((second) => 80 * MB + second * 100 * 0.2 * MB);
  expect(found?.perCall?.slope).toBeCloseTo(0.2 * MB, -3);
  expect(found?.perMinute?.slope).toBeCloseTo(1200 * MB, -6);
  expect(found?.profiles.quick?.bytes).toBeCloseTo(100 * MB, -5);
  expect(found?.profiles.quick?.isTooMuch).toBe(true);
  expect(found?.profiles.strict?.isTooMuch).toBe(true);
});

test("20 kB a call pass the quick profile and not the strict one", () => {
  const { quick, strict } = growth((second) => 80 * MB + second * 100 * 0.02 * MB)?.profiles ?? {};
  expect([quick?.isTooMuch, strict?.isTooMuch]).toEqual([false, true]);
});

test("a profile is judged when there were calls enough for it", () => {
  const { quick, strict } = growth((second) => 80 * MB + second * MB, { count: 8 })?.profiles ?? {};
  expect(quick).not.toBeNull();
  expect(strict).toBeNull();
});

test("what sessions cost while they come is no growth", () => {
  const found = growth((second) => 80 * MB + Math.min(second, 10) * 30 * MB, { fullAt: 10 });
  expect(found?.firstBytes).toBe(380 * MB);
  expect(found?.perCall?.slope).toBe(0);
});

test("the first ten calls are the warm-up", () => {
  const found = growth((second) => (second < 10 ? 50 : 90) * MB, { calls: 1 });
  expect(found?.firstBytes).toBe(90 * MB);
});

test("a heap that fills up shows by its second half", () => {
  const found = growth((second) => 80 * MB + 200 * MB * (1 - Math.exp(-second / 4)));
  expect(found?.perCall?.slope).toBeGreaterThan(3 * (found?.latePerCall?.slope ?? 0));
});

test("two readings give figures and no trend", () => {
  const found = growthOf(
    readings(2, () => 80 * MB),
    seconds(2, 100),
    ORIGIN - 1000,
  );
  expect(found).toMatchObject({ readings: 2, perCall: null, profiles: { quick: null, strict: null } });
});

test("readings before there was any call count for nothing", () => {
  expect(
    growthOf(
      readings(5, () => 80 * MB),
      [],
      ORIGIN,
    ),
  ).toBeNull();
});

test("a run of more than two days is judged as a short one", () => {
  const found = growth((second) => 80 * MB + second * 2 * MB, { count: 200_000, calls: 2 });
  expect(found?.calls).toBe(2 * (199_999 - 5));
  expect(found?.perCall?.slope).toBeCloseTo(MB, -3);
});

test("calls count up to the moment of a reading, within its second and in a gap of the timeline", () => {
  const [first, second, , , last] = seconds(5, 100);
  const rows = [first, second, last].filter((row) => row !== undefined);
  const at = [1.5, 3, 4.25, 9].map((second) => ({ atMs: ORIGIN + second * 1000, bytes: 0 }));
  const counted = at.map((reading) => growthOf([at[0] ?? reading, reading], rows, ORIGIN)?.calls);
  expect(counted).toEqual([0, 50, 75, 150]);
});

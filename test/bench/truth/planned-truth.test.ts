import { expect, test } from "vitest";
import { percentilesOf } from "../../../bench/truth/exact-percentiles.ts";
import type { JoinedCall } from "../../../bench/truth/joined.ts";
import { plannedTimes, responseTimesOf } from "../../../bench/truth/planned-truth.ts";

const call = (number: number, receivedMs: number, writtenMs: number): JoinedCall => ({
  number,
  receivedMs,
  writtenMs,
  trueMs: writtenMs - receivedMs,
  reportedMs: 0,
});

test("a response time begins at the planned start, however late the call came", () => {
  // Ten starts a second from 1000 ms on; the second one came 40 ms late.
  expect(responseTimesOf([call(1, 1000, 1050), call(2, 1140, 1190), call(3, 1200, 1250)], 10)).toEqual([50, 90, 50]);
});

test("the plan's zero is where the most punctual call fits", () => {
  expect(responseTimesOf([call(1, 1005, 1055), call(2, 1100, 1150)], 10)).toEqual([55, 50]);
});

const PLAN = { arrivalsPerSecond: 100, windowMs: 3000, serviceMs: 50, frozenFromMs: 1000, frozenToMs: 2000 };

test("who comes into a freeze waits for its end and the work, who is in it for its end", () => {
  const times = plannedTimes(PLAN);
  expect(times).toHaveLength(300);
  expect(times[0]).toBe(50);
  expect(times[94]).toBe(50);
  expect(times[95]).toBe(1050);
  expect(times[99]).toBe(1010);
  expect(times[100]).toBe(1050);
  expect(times[199]).toBe(60);
  expect(times[200]).toBe(50);
});

test("a freeze of a third of the window is seen by a third of those who come", () => {
  const { p50Ms, p95Ms } = percentilesOf(plannedTimes(PLAN));
  expect(p50Ms).toBe(50);
  expect(p95Ms).toBe(950);
});

test("without a freeze every start takes what the server works", () => {
  expect(new Set(plannedTimes({ ...PLAN, frozenFromMs: 0, frozenToMs: 0 }))).toEqual(new Set([50]));
});

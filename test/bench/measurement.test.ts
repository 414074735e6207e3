import { expect, test } from "vitest";
import { measurementOf, type Witnessed } from "../../bench/measurement.ts";

const served = (calls: number) => ({ calls, opens: 0, samples: [] });

const witnessed = (callsInAll: number, answered: number): Witnessed => ({
  contender: "undici",
  workload: { users: 10, answer: "json", era: "session" },
  report: {
    calls: 400,
    failures: 100,
    windowMs: 2_000,
    p50Ms: 1,
    p99Ms: 2,
    cpuMs: { locust: 600, bridge: 400 },
    fromMs: 0,
    toMs: 2_000,
    callsInAll,
  },
  before: served(50),
  after: served(50 + answered),
});

test("calls that failed are no throughput, but they cost CPU", () => {
  const measurement = measurementOf(witnessed(900, 900));
  expect(measurement.callsPerSecond).toBe(200);
  expect(measurement.cpuUs).toEqual({ locust: 1_200, bridge: 800 });
  expect(measurement.generatorCores).toBe(0.5);
});

test("one call for each user may be under way at the end, and no more", () => {
  expect(measurementOf(witnessed(900, 910)).failures).toBe(100);
  expect(() => measurementOf(witnessed(900, 911))).toThrow(expect.objectContaining({ code: "COUNT_WRONG" }));
});

test("a call that no server saw is a wrong count", () => {
  expect(() => measurementOf(witnessed(901, 900))).toThrow(expect.objectContaining({ code: "COUNT_WRONG" }));
});

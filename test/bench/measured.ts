import type { Measurement } from "../../bench/measurement.ts";

/** A measurement at 50 users, JSON, session era; `over` says what the test is about. */
export const measured = (over: Partial<Measurement> = {}): Measurement => ({
  contender: "undici",
  workload: { users: 50, answer: "json", era: "session" },
  callsPerSecond: 1_000,
  failures: 0,
  p50Ms: 1,
  p99Ms: 2,
  cpuUs: { node: 50 },
  generatorCores: 1,
  serverCores: 0.1,
  ...over,
});

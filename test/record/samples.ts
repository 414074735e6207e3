import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunIdentity } from "../../record/recorder.ts";
import type { Gauges, Sample } from "../../record/sample.ts";

/** What the tests of this room record. */

export const SEARCH = "learn:tools/call:search";

export const sample = (fields: Partial<Sample> = {}): Sample => ({
  name: SEARCH,
  outcome: "ok",
  endMs: 1_000,
  serviceMs: 20,
  responseMs: 21,
  bytesIn: 100,
  bytesOut: 10,
  ...fields,
});

export const gauges = (fields: Partial<Gauges> = {}): Gauges => ({
  sessionsOpen: 4,
  operationsInFlight: 2,
  users: 4,
  eventLoopDelayP99Ms: 1.5,
  eventLoopDelayMaxMs: 3,
  bridgeCpu: 0.2,
  locustCpu: 0.1,
  bridgeRssBytes: 80_000_000,
  ...fields,
});

/** The wall clock and the monotonic clock of these runs are 0 at the same moment: `startedAt`. */
export const STARTED_AT = "2026-03-01T10:00:00.250Z";

export const identity = (fields: Partial<RunIdentity> = {}): RunIdentity => ({
  id: "20260301-100000-demo",
  part: null,
  startedAt: STARTED_AT,
  startedMs: 0,
  plan: { users: 4, runTime: "30s" },
  versions: { swarmbridge: "0.1.0" },
  servers: { learn: { url: "http://127.0.0.1:1/mcp" } },
  ...fields,
});

export const newRoot = (): string => mkdtempSync(join(tmpdir(), "record-"));

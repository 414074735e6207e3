import { type RunFile, runFileSchema } from "../../../record/run-file.ts";

interface Measured {
  readonly users: number;
  readonly seconds: number;
  /** Bytes in and out, by name. */
  readonly operations: Readonly<Record<string, readonly [bytesIn: number, bytesOut: number]>>;
  readonly servers?: readonly string[];
  readonly state?: "running" | "complete";
}

/** The head of a run record with nothing in it but this. */
export const recordHead = ({
  users,
  seconds,
  operations,
  servers = ["mine"],
  state = "complete",
}: Measured): RunFile => {
  const none = { mean: 0, max: 0 };
  const noTimes = {
    count: 0,
    minMs: 0,
    meanMs: 0,
    p50Ms: 0,
    p90Ms: 0,
    p95Ms: 0,
    p99Ms: 0,
    p999Ms: 0,
    maxMs: 0,
    sumMs: 0,
  };
  return runFileSchema.parse({
    schema: 1,
    id: "20261121-120000-multi-abcd",
    part: null,
    state,
    endReason: null,
    startedAt: "2026-11-21T12:00:00Z",
    endedAt: null,
    updatedAt: "2026-11-21T12:00:00Z",
    plan: {},
    versions: {},
    servers: Object.fromEntries(servers.map((name) => [name, {}])),
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, [bytesIn, bytesOut]]) => [
        name,
        { count: 1, failures: 0, bytesIn, bytesOut, outcomes: {}, all: {} },
      ]),
    ),
    harnessDelay: { before: noTimes, after: noTimes },
    hidden: {},
    sessions: { peak: 0, leftOpen: 0, byServer: {} },
    generator: {
      seconds,
      eventLoopDelayP99Ms: none,
      eventLoopDelayMaxMs: 0,
      bridgeCpu: none,
      locustCpu: null,
      bridgeRssBytes: none,
      usersPeak: users,
    },
    reconciled: {},
    gaps: [],
    parts: [],
    files: { latencyBytes: 0, timelineBytes: 0 },
  });
};

/**
 * A record of the size of a long run, written by the recorder's own parts: by default an hour, a hundred operations of four
 * servers, a million calls. The same seed gives the same record. `node test/report/large-record.ts <folder>` writes one.
 */
import { GeneratorLoad } from "../../record/generator-load.ts";
import { intervalLines } from "../../record/interval-lines.ts";
import type { Outcome } from "../../record/reason.ts";
import { RecordFiles } from "../../record/record-files.ts";
import { Recording } from "../../record/recording.ts";
import { RUN_SCHEMA } from "../../record/run-file.ts";
import type { Gauges } from "../../record/sample.ts";
import { rowLine, timelineRow } from "../../record/timeline.ts";

export interface LargeRecordOptions {
  readonly seconds?: number;
  readonly names?: number;
  readonly calls?: number;
  readonly seed?: number;
  readonly startedAt?: string;
  /** How the operations are called, where the usual names are not wanted. */
  readonly nameOf?: (index: number) => string;
}

const SERVERS = ["learn", "context7", "github", "devops"];
const SECONDS_IN_A_COMMIT = 60;
const USERS = 400;
/** How calls fail, and how many of a thousand. The first never reach a socket and have no time. */
const FAILURES = [
  ["connect", 2],
  ["timeout", 1],
  ["http-503", 3],
  ["tool-error", 4],
] as const satisfies readonly (readonly [Outcome, number])[];

/** @param dir of the run; made when it is missing */
export const writeLargeRecord = (dir: string, options: LargeRecordOptions = {}): void => {
  const { seconds = 3_600, names = 100, calls = 1_000_000, seed = 1, startedAt = "2026-03-01T10:00:00.000Z" } = options;
  const nameOf = options.nameOf ?? ((index) => `${SERVERS[index % SERVERS.length]}:tools/call:tool_${index}`);
  const random = seededRandom(seed);
  const startMs = Date.parse(startedAt);
  const files = new RecordFiles(dir, startMs);
  const all = new Recording();
  const load = new GeneratorLoad();
  const each = Array.from({ length: names }, (_, index) => nameOf(index));
  let latencies = "";
  let rows = "";
  for (let second = 0; second < seconds; second++) {
    const recording = new Recording();
    const due = Math.floor(((second + 1) * calls) / seconds) - Math.floor((second * calls) / seconds);
    for (let call = 0; call < due; call++) recordCall(recording, each, second / seconds, random);
    const gauges = gaugesAt(second / seconds, each.length, random);
    load.add(gauges);
    all.add(recording);
    latencies += intervalLines(recording, startMs / 1000 + second, 1);
    rows += rowLine(timelineRow({ second, recording, gauges, hasBuckets: false }));
    const isLast = second === seconds - 1;
    if (!isLast && second % SECONDS_IN_A_COMMIT !== 0) continue;
    const now = new Date(startMs + (second + 1) * 1000).toISOString();
    files.commit({
      latencies,
      rows,
      run: (lengths) => ({
        schema: RUN_SCHEMA,
        id: "20260301-100000-large-0001",
        part: null,
        state: isLast ? "complete" : "running",
        endReason: isLast ? "run time reached" : null,
        startedAt,
        endedAt: isLast ? now : null,
        updatedAt: now,
        plan: { users: USERS, runTime: seconds, locustfile: "multi.py", shape: null },
        versions: { swarmbridge: "0.1.0", node: "24.0.0", locust: "2.47.0", python: "3.11.7" },
        servers: Object.fromEntries(SERVERS.map((server) => [server, { url: `https://${server}.test/mcp`, slo: SLO }])),
        ...all.toRunFile(),
        sessions: load.sessions(),
        generator: load.generator(),
        parts: [],
        files: lengths,
      }),
      failures: all.failures.groups(),
    });
    latencies = "";
    rows = "";
  }
};

const SLO = { p95Ms: 400, p99Ms: 1_500, errorPercent: 2 };

/** @param progress 0 to 1: times rise by half over the run, with a slow minute in its middle */
const recordCall = (recording: Recording, names: readonly string[], progress: number, random: () => number): void => {
  // The first names are called most, as tools are.
  const index = Math.floor(names.length * random() ** 1.5);
  const name = names[index] ?? "";
  const outcome = outcomeOf(random());
  const slow = Math.abs(progress - 0.5) < 1 / 120 ? 4 : 1;
  const serviceMs = (20 + index) * (1 + progress / 2) * slow * Math.exp(0.6 * normal(random));
  const sizes = { bytesIn: 2_000, bytesOut: 200, beforeMs: 0.2 + random() };
  if (outcome !== "ok") recording.failure({ name, outcome, detail: `example ${index % 3} of ${outcome}` });
  if (outcome === "connect") {
    recording.record({ name, outcome, endMs: 0, ...sizes });
    return;
  }
  recording.record({
    name,
    outcome,
    endMs: 0,
    serviceMs,
    responseMs: serviceMs + 1,
    headersMs: serviceMs * 0.8,
    firstEventMs: serviceMs * 0.9,
    connectMs: 0.1,
    ...sizes,
  });
};

const outcomeOf = (draw: number): Outcome => {
  let left = draw * 1_000;
  for (const [outcome, share] of FAILURES) {
    left -= share;
    if (left < 0) return outcome;
  }
  return "ok";
};

const gaugesAt = (progress: number, names: number, random: () => number): Gauges => {
  const users = Math.round(USERS * Math.min(1, progress * 10));
  const inUse = Math.min(SERVERS.length, names);
  return {
    sessionsOpen: users * inUse,
    sessionsByServer: Object.fromEntries(SERVERS.slice(0, inUse).map((server) => [server, users])),
    operationsInFlight: Math.round(users * 0.1 * random()),
    users,
    eventLoopDelayP99Ms: 1 + random(),
    eventLoopDelayMaxMs: 3 + 5 * random(),
    bridgeCpu: 0.3 + 0.1 * random(),
    locustCpu: 0.2 + 0.1 * random(),
    bridgeRssBytes: 90e6 + 30e6 * progress,
  };
};

/** mulberry32. */
const seededRandom = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

if (import.meta.main) {
  const [dir] = process.argv.slice(2);
  if (dir === undefined) throw new Error("say the folder to write to");
  writeLargeRecord(dir);
}

/** What sessions cost: resident memory while they are idle, and how fast they open. */
import type { Report } from "./assignment.ts";
import type { Means } from "./rounds.ts";
import { taskFor } from "./rounds.ts";
import { locustCommand, nodeCommand, runGenerator } from "./run-generator.ts";
import type { Workload } from "./workload.ts";

export interface IdleSessions {
  readonly holder: "locust" | "by-hand";
  readonly sessions: number;
  /** By program, all of its memory. */
  readonly residentBytes: Readonly<Record<string, number>>;
  /** By program, more than with one session, for each further one. */
  readonly bytesPerSession: Readonly<Record<string, number>>;
  /** Sessions over the time from the run's start to the last handshake: Locust's own spawning included. */
  readonly opensPerSecond: number;
}

export interface SessionOpens {
  /** Opened and closed by the bridge's client alone, `inFlight` at a time. */
  readonly opensPerSecond: number;
  readonly inFlight: number;
  readonly cpuMsPerSession: number;
}

interface IdleReport {
  readonly residentBytes: Readonly<Record<string, number>>;
  readonly openedMs: number;
}

const LOCUSTFILES = { locust: "idle_bridge_locustfile.py", "by-hand": "idle_by_hand_locustfile.py" } as const;
const HOLDERS = ["locust", "by-hand"] as const;
const OPENS_IN_FLIGHT = 20;
const OPENS_WARM_UP_MS = 1_500;
const WORKLOAD = { answer: "json", era: "session" } as const;

/** @throws {BenchError} GENERATOR_FAILED */
export const measureIdleSessions = async (numbers: readonly number[], means: Means): Promise<IdleSessions[]> => {
  const all: IdleSessions[] = [];
  for (const holder of HOLDERS) {
    const one = await hold(holder, 1, means);
    for (const sessions of numbers) {
      const many = await hold(holder, sessions, means);
      all.push({
        holder,
        sessions,
        residentBytes: many.residentBytes,
        bytesPerSession: perSession(one.residentBytes, many.residentBytes, sessions),
        opensPerSecond: (sessions * 1000) / many.openedMs,
      });
    }
  }
  return all;
};

/** @throws {BenchError} GENERATOR_FAILED */
export const measureSessionOpens = async (windowMs: number, means: Means): Promise<SessionOpens> => {
  const workload: Workload = { ...WORKLOAD, users: OPENS_IN_FLIGHT };
  const report = await runGenerator<Report>({
    command: nodeCommand("session-opens.ts"),
    role: "generator",
    workplace: means.workplace,
    task: taskFor(workload, means, { warmUpMs: OPENS_WARM_UP_MS, windowMs }),
  });
  const cpuMs = Object.values(report.cpuMs).reduce((sum, ms) => sum + ms, 0);
  return {
    opensPerSecond: (report.calls * 1000) / report.windowMs,
    inFlight: OPENS_IN_FLIGHT,
    cpuMsPerSession: cpuMs / report.calls,
  };
};

/** Pure: what each session after the first added, by program. */
export const perSession = (
  one: Readonly<Record<string, number>>,
  many: Readonly<Record<string, number>>,
  sessions: number,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(many).map(([program, bytes]) => [
      program,
      (bytes - (one[program] ?? 0)) / Math.max(1, sessions - 1),
    ]),
  );

const hold = (holder: IdleSessions["holder"], sessions: number, means: Means): Promise<IdleReport> => {
  const task = taskFor({ ...WORKLOAD, users: sessions }, means, { warmUpMs: 0, windowMs: 0 });
  const command = locustCommand(means.python?.path ?? "python", LOCUSTFILES[holder], task);
  return runGenerator<IdleReport>({ command, role: "generator", workplace: means.workplace, task });
};

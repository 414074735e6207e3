/** Measures one cell: a server that begins a new record, a generator, and both of their figures joined. */
import { mkdtempSync } from "node:fs";
import { delimiter, join as joinPath } from "node:path";
import { ASSIGNMENT_VARIABLE } from "../assignment.ts";
import { BenchError } from "../bench-error.ts";
import type { Workplace } from "../bridge-settings.ts";
import { ROOT } from "../requirements.ts";
import { locustCommand, runProgram } from "../run-generator.ts";
import { ARRIVALS_PER_SECOND, type Cell, labelOf } from "./cell.ts";
import { contenderOf } from "./contenders.ts";
import { percentileOf, percentilesOf } from "./exact-percentiles.ts";
import { boundsOf, type JoinedCall, join, sendTimesOf, type TruthBounds } from "./joined.ts";
import { type Standing, standingOf } from "./judgement.ts";
import { watchIdle } from "./machine-idle.ts";
import { type OurRecord, readOurRecord } from "./our-record.ts";
import { plannedTimes, responseTimesOf } from "./planned-truth.ts";
import { type Lengths, type Percentiles, type TruthReport, type TruthTask, taskFor } from "./task.ts";
import type { ServerRecord, TruthServer } from "./truth-server.ts";

export const FREEZE_MS = 1_000;
const SPARE_MS = 60_000;

export interface TruthMeans {
  readonly server: TruthServer;
  readonly workplace: Workplace;
  readonly python: string;
}

export interface TruthMeasurement {
  readonly cell: Cell;
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly truth: Percentiles;
  readonly reported: Percentiles;
  /** Of the tool's own table, where that rounds. */
  readonly table: Percentiles | null;
  /** Reported less true time of the same call. Null under an arrival rate of a tool that cannot follow one. */
  readonly perCall: { readonly p50Ms: number; readonly p99Ms: number } | null;
  /** p99 of the time from the stamp of sending to the kernel; null where the tool does not say when it sent. */
  readonly sendP99Ms: number | null;
  readonly bounds: TruthBounds;
  readonly failures: number;
  readonly clockSetMs: number;
  /** Of all cores in the window; null where nobody counts. */
  readonly idle: number | null;
  readonly ours: Pick<OurRecord, "harnessDelay" | "verdict"> | null;
  readonly standing: Standing;
  /** Why it is `unjudged`; null when it is judged. */
  readonly fault: string | null;
}

/** @throws {BenchError} GENERATOR_FAILED; COUNT_WRONG when ours is miscounted: a peer's row says it, and the rest goes on */
export const measureTruth = async (
  cell: Cell,
  lengths: Lengths,
  seed: number,
  { server, workplace, python }: TruthMeans,
): Promise<TruthMeasurement> => {
  const task = taskFor(cell, server.url, lengths, seed);
  const results = mkdtempSync(joinPath(workplace.folder, "results-"));
  await server.begin({ kind: cell.kind, seed, freezeAfterMs: lengths.windowMs / 2, freezeMs: FREEZE_MS });
  const idleWatch = watchIdle();
  const report = await runProgram<TruthReport>({
    command: commandFor(cell, task, python),
    // The machine as a user has it: generator and server share the cores as the system likes.
    role: null,
    folder: workplace.folder,
    env: {
      ...workplace.environment(task.url, task.revision),
      SWARMBRIDGE_RESULTS: results,
      PYTHONPATH: ["locustfiles", "bench/locust"].map((folder) => joinPath(ROOT, folder)).join(delimiter),
      [ASSIGNMENT_VARIABLE]: JSON.stringify(task),
    },
    limitMs: lengths.warmUpMs + lengths.windowMs + 2 * SPARE_MS,
  }).finally(() => idleWatch.end());
  const record = await server.record();
  const { calls: joined, fault: miscount } = join(record, report.samples);
  if (miscount !== null && cell.contender === "swarmbridge") {
    throw new BenchError("COUNT_WRONG", `${labelOf(cell)}: ${miscount}`);
  }
  if (joined.length === 0) throw new BenchError("COUNT_WRONG", `${labelOf(cell)}: no call in the window`);

  const isOpen = cell.load === "arrivals";
  const ours = cell.contender === "swarmbridge" ? readOurRecord(results, isOpen ? "response" : "service") : null;
  if (ours !== null && ours.count !== joined.length) {
    throw new BenchError("COUNT_WRONG", `the record has ${ours.count} calls, the server answered ${joined.length}`);
  }
  const fault = miscount ?? shiftedPlan(isOpen, ours);
  const reported = ours?.reported ?? percentilesOf(joined.map(({ reportedMs }) => reportedMs));
  const truth = percentilesOf(trueTimes(cell, joined, record, task));
  return {
    cell,
    calls: joined.length,
    callsPerSecond: (joined.length * 1000) / (report.toMs - report.fromMs),
    truth,
    reported,
    table: report.table,
    perCall: isOpen ? null : perCallOf(joined),
    sendP99Ms: report.sent.length === 0 ? null : percentilesOf(sendTimesOf(joined, report.sent)).p99Ms,
    bounds: boundsOf(record),
    failures: report.failures,
    clockSetMs: record.clockSetMs,
    idle: idleWatch.between(report.fromMs, report.toMs),
    ours: ours === null ? null : { harnessDelay: ours.harnessDelay, verdict: ours.verdict },
    standing:
      fault === null ? standingOf({ calls: joined.length, reported, truth }, ours?.verdict.level ?? null) : "unjudged",
    fault,
  };
};

/** The truth of a plan takes the nth call for the nth start. */
const shiftedPlan = (isOpen: boolean, ours: OurRecord | null): string | null =>
  isOpen && ours !== null && ours.dropped > 0
    ? `${ours.dropped} planned starts found no free user, so that nobody knows which start a call belongs to`
    : null;

const commandFor = ({ contender }: Cell, task: TruthTask, python: string): readonly string[] => {
  const { program } = contenderOf(contender);
  return "node" in program
    ? [process.execPath, joinPath(ROOT, "bench", "truth", "generator", program.node)]
    : locustCommand(python, joinPath("..", "truth", "locust", program.locustfile), task);
};

/** Ours follows the plan call by call; who only paces its users is held against the plan itself. */
const trueTimes = (
  { load, contender }: Cell,
  joined: readonly JoinedCall[],
  { frozen }: ServerRecord,
  { windowMs }: TruthTask,
): number[] => {
  const service = joined.map(({ trueMs }) => trueMs);
  if (load !== "arrivals") return service;
  if (contender === "swarmbridge") return responseTimesOf(joined, ARRIVALS_PER_SECOND);
  const firstMs = Math.min(...joined.map(({ receivedMs }) => receivedMs));
  const [fromMs, toMs] = frozen === null ? [0, 0] : [frozen[0] / 1e6 - firstMs, frozen[1] / 1e6 - firstMs];
  return plannedTimes({
    arrivalsPerSecond: ARRIVALS_PER_SECOND,
    windowMs,
    serviceMs: percentilesOf(service).p50Ms,
    frozenFromMs: fromMs,
    frozenToMs: toMs,
  });
};

const perCallOf = (joined: readonly JoinedCall[]): { p50Ms: number; p99Ms: number } => {
  const errors = joined.map(({ reportedMs, trueMs }) => reportedMs - trueMs).sort((a, b) => a - b);
  return { p50Ms: percentileOf(errors, 50), p99Ms: percentileOf(errors, 99) };
};

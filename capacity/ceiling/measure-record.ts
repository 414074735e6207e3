/** The run record of one step as a measure: what was there once the warm-up was over. */

import { durationText } from "../../record/duration-text.ts";
import { saturationOf } from "../../record/generator-verdict.ts";
import type { LogLine } from "../../record/latency-log.ts";
import { readLog } from "../../record/log-answers.ts";
import { ownValue } from "../../record/own-value.ts";
import type { RunRecord } from "../../record/read-run.ts";
import type { RunFile } from "../../record/run-file.ts";
import { Times } from "../../record/times.ts";
import { BATCHES, type Batch, type Shape, type StepMeasure } from "./step.ts";

export interface StepPlan {
  readonly sessions: number;
  /** The one whose calls count; null: all of them. */
  readonly server: string | null;
  readonly warmUpMs: number;
  /** Without the warm-up. */
  readonly lengthMs: number;
  readonly dir: string;
  readonly shape: Shape;
}

const TOOL_CALL = /^([^:]+):tools\/call(:|$)/;
/** Both eras' first word. */
const HANDSHAKE = /^([^:]+):(initialize|server\/discover)$/;

export const measureOf = (
  record: RunRecord,
  { sessions, server, shape, warmUpMs, lengthMs, dir }: StepPlan,
): StepMeasure => {
  const { file } = record;
  const isOf = (name: string, what: RegExp): boolean => {
    const [, of] = what.exec(name) ?? [];
    return of !== undefined && (server === null || of === server);
  };
  const startS = Math.floor(Date.parse(file.startedAt) / 1000);
  const batches = Array.from({ length: BATCHES }, () => ({ calls: 0, failures: 0, times: new Times() }));
  let endedInTime = 0;
  readLog(record, [
    {
      isWanted: (series) => "name" in series && isOf(series.name, TOOL_CALL),
      take: (line) => count(line, 1),
      takeBack: (line) => count(line, -1),
    },
  ]);

  function count({ series, startSecond, times }: LogLine, sign: 1 | -1): void {
    const atMs = (startSecond - startS) * 1000 - warmUpMs;
    // What ends after the planned time was under way, and counts; what the end cut off is nobody's failure.
    const batch = batches[Math.min(BATCHES - 1, Math.floor((atMs / lengthMs) * BATCHES))];
    if (batch === undefined || "half" in series || series.outcome === "cancelled") return;
    const isOk = series.outcome === "ok";
    if (series.kind === "response") {
      batch.calls += sign * times.count;
      if (atMs < lengthMs) endedInTime += sign * times.count;
      if (!isOk) batch.failures += sign * times.count;
    } else if (series.kind === "service" && isOk) {
      if (sign === 1) batch.times.add(times);
      else batch.times.subtract(times);
    }
  }

  const refused = Object.entries(file.operations)
    .filter(([name]) => isOf(name, HANDSHAKE))
    .reduce((sum, [, { failures, outcomes }]) => sum + failures - (outcomes.cancelled?.count ?? 0), 0);
  const peak = server === null ? file.sessions.peak : (ownValue(file.sessions.byServer, server)?.peak ?? 0);
  return {
    sessions,
    // Callers in one session are all there once it is.
    opened: shape === "calls" && peak > 0 ? sessions : Math.min(sessions, peak),
    refused,
    batches: batches.map(({ calls, failures, times }): Batch => ({ calls, failures, times: times.buckets() })),
    seconds: lengthMs / 1000,
    endedInTime,
    saturation: saturationOf(file),
    cutOff: cutOffOf(file, warmUpMs + lengthMs),
    dir,
  };
};

/** The record is stamped some moments after the users have started, and stopped some before they have all ended. */
const NEARLY_MS = 2000;

const cutOffOf = ({ state, startedAt, endedAt }: RunFile, plannedMs: number): string | null => {
  if (state !== "complete" || endedAt === null) return "its record is not complete";
  const ranMs = Date.parse(endedAt) - Date.parse(startedAt);
  return ranMs >= plannedMs - NEARLY_MS ? null : `it ended after ${durationText(ranMs)} of ${durationText(plannedMs)}`;
};

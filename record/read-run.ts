/** Reads run records: complete ones, those of a running test, and what a killed process left. */
import { join } from "node:path";
import { z } from "zod";
import { type FailureGroup, failureGroupSchema } from "./failure-samples.ts";
import { isLogComment, type LogLine, parseLine } from "./latency-log.ts";
import { RecordError } from "./record-error.ts";
import { committedLines, FAILURES, LATENCIES, lengthOf, RUN, readIfThere, TIMELINE } from "./record-files.ts";
import { Recording } from "./recording.ts";
import { parseRunFile, type RunFile } from "./run-file.ts";
import { parseRow, type TimelineRow } from "./timeline.ts";

export interface RunRecord {
  readonly dir: string;
  readonly file: RunFile;
  readonly failures: readonly FailureGroup[];
  /** What of the record could not be read, one sentence each. Empty for a sound one. */
  readonly damage: readonly string[];
}

/**
 * The head of a record: all counts and percentiles, and the failures' examples.
 * @throws {RecordError} RECORD_MISSING, RECORD_BROKEN, RECORD_SCHEMA
 */
export const readRun = (dir: string): RunRecord => {
  const text = readIfThere(join(dir, RUN));
  if (text === null) throw new RecordError("RECORD_MISSING", { dir });
  const file = parseRunFile(text, dir);
  const failures = readFailures(dir);
  const damage: string[] = [];
  if (failures === null) damage.push(`${FAILURES} cannot be read`);
  for (const [name, bytes] of [
    [LATENCIES, file.files.latencyBytes],
    [TIMELINE, file.files.timelineBytes],
  ] as const) {
    const there = lengthOf(join(dir, name));
    if (there < bytes) damage.push(`${name} is cut: ${there} of ${bytes} bytes are there`);
  }
  return { dir, file, failures: failures ?? [], damage };
};

export interface LoadedRecording {
  readonly recording: Recording;
  /** Lines of the latency log that could not be read. */
  readonly brokenLines: number;
}

/** Everything of a record in memory, histograms included. Exact, as far as the log is whole. */
export const loadRecording = ({ dir, file, failures }: RunRecord): LoadedRecording => {
  const recording = new Recording();
  // Later: a line may take back what a line behind it counts, when a disk had refused in between.
  const takenBack: LogLine[] = [];
  let brokenLines = 0;
  for (const line of committedLines(join(dir, LATENCIES), file.files.latencyBytes)) {
    const parsed = parseLine(line);
    if (parsed === null) {
      if (!isLogComment(line)) brokenLines += 1;
      continue;
    }
    if ("name" in parsed.series && parsed.series.isMoved) takenBack.push(parsed);
    else timesOf(recording, parsed).add(parsed.times);
  }
  for (const line of takenBack) timesOf(recording, line).subtract(line.times);
  recording.restore(file);
  recording.failures.addGroups(failures);
  return { recording, brokenLines };
};

/** Rows of the timeline in order; torn ones are left out. */
export function* timelineRows({ dir, file }: Pick<RunRecord, "dir" | "file">): Generator<TimelineRow> {
  for (const line of committedLines(join(dir, TIMELINE), file.files.timelineBytes)) {
    const row = parseRow(line);
    if (row !== null) yield row;
  }
}

const timesOf = (recording: Recording, { series }: LogLine) =>
  "half" in series ? recording.half(series.half) : recording.times(series.name, series.outcome, series.kind);

const readFailures = (dir: string): FailureGroup[] | null => {
  const text = readIfThere(join(dir, FAILURES));
  if (text === null) return [];
  try {
    return z.array(failureGroupSchema).safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON: the record is judged by its head, examples are only examples.
    return null;
  }
};

/** Reads run records: complete ones, those of a running test, and what a killed process or a power cut left. */
import { join } from "node:path";
import { z } from "zod";
import { type FailureGroup, failureGroupSchema } from "./failure-samples.ts";
import { loadLog } from "./load-log.ts";
import { rebuiltHead } from "./rebuilt-head.ts";
import { RecordError } from "./record-error.ts";
import {
  committedLines,
  endsInLine,
  FAILURES,
  LATENCIES,
  lengthOf,
  RUN,
  readIfThere,
  TIMELINE,
} from "./record-files.ts";
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
 * The head of a record: all counts and percentiles, and the failures' examples. A torn head is made again, as far as the logs
 * beside it go, and `damage` says so.
 * @throws {RecordError} RECORD_MISSING, RECORD_BROKEN, RECORD_SCHEMA
 */
export const readRun = (dir: string): RunRecord => {
  const text = readIfThere(join(dir, RUN));
  if (text === null) throw new RecordError("RECORD_MISSING", { dir });
  const { file, damage } = headIn(text, dir);
  if (Date.parse(file.endedAt ?? file.updatedAt) < Date.parse(file.startedAt)) damage.push(ENDS_FIRST);
  const failures = readFailures(dir);
  if (failures === null) damage.push(`${FAILURES} cannot be read`);
  for (const [name, bytes] of [
    [LATENCIES, file.files.latencyBytes],
    [TIMELINE, file.files.timelineBytes],
  ] as const) {
    const there = lengthOf(join(dir, name));
    if (there < bytes) damage.push(`${name} is cut: ${there} of ${bytes} bytes are there`);
    else if (!endsInLine(join(dir, name), bytes)) damage.push(`${name} has an end that cannot be read`);
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
  const brokenLines = loadLog(recording, join(dir, LATENCIES), file.files.latencyBytes);
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

/** A power cut leaves a file empty, full of zeros or cut; a head of another version or kind is left to who can read it. */
const headIn = (text: string, dir: string): { file: RunFile; damage: string[] } => {
  try {
    return { file: parseRunFile(text, dir), damage: [] };
  } catch (error) {
    if (isJson(text)) throw error;
    const file = rebuiltHead(dir);
    if (file === null) throw error;
    return { file, damage: [HEAD_LOST] };
  }
};

const ENDS_FIRST = `${RUN} says that the run ended before it began: its length and its rates mean nothing`;

const HEAD_LOST = `${RUN} is torn: its counts were made again from ${LATENCIES} and ${TIMELINE}; what else stood in it is lost`;

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // That is the question.
  }
};

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

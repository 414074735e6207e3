/** Takes the record that a bridge wrote elsewhere, for itself alone, over as one part of a run. */
import { join } from "node:path";
import { isLogComment, logHead, parseLine } from "./latency-log.ts";
import { type RunRecord, timelineRows } from "./read-run.ts";
import {
  committedLines,
  FAILURES,
  LATENCIES,
  makeFolder,
  RUN,
  replaceFile,
  replaceFileInPieces,
  TIMELINE,
} from "./record-files.ts";
import type { RunFile } from "./run-file.ts";
import { rowLine, type TimelineRow } from "./timeline.ts";
import { Times } from "./times.ts";

/** Lines of a second may stand behind those of later ones by as much: a batch and a flush, and a disk that refused. */
const LATE_SECONDS = 5;

/**
 * @param dir of the part; made when it is missing
 * @param changes to the head: it gets the run's id and its place among the parts
 * @throws what the system throws
 */
export const adoptPart = (record: RunRecord, dir: string, changes: Partial<RunFile>): void => {
  makeFolder(dir);
  const latencyBytes = replaceFileInPieces(join(dir, LATENCIES), latencyLines(record));
  const timelineBytes = replaceFileInPieces(join(dir, TIMELINE), rowTexts(record));
  replaceFile(join(dir, FAILURES), JSON.stringify(record.failures, null, 1));
  const file: RunFile = { ...record.file, ...changes, files: { latencyBytes, timelineBytes } };
  replaceFile(join(dir, RUN), JSON.stringify(file, null, 1));
};

function* latencyLines({ dir, file }: RunRecord): Generator<string> {
  yield logHead(Date.parse(file.startedAt));
  for (const line of committedLines(join(dir, LATENCIES), file.files.latencyBytes)) {
    if (!isLogComment(line)) yield `${line}\n`;
  }
}

/**
 * Rows with the buckets that a merge needs. A run of one process leaves them out of its timeline; its log has them. At most
 * a few seconds of the log are in memory.
 */
function* rowTexts(record: RunRecord): Generator<string> {
  const base = Math.floor(Date.parse(record.file.startedAt) / 1000);
  const log = okTimes(record);
  let next = log.next();
  const waiting = new Map<number, Map<string, Times>>();
  for (const row of timelineRows(record)) {
    const second = base + row.second;
    for (; !next.done && next.value.second <= second + LATE_SECONDS; next = log.next()) {
      const { second: at, name, times } = next.value;
      // Joined, in case several lines are of one second.
      const ofSecond = waiting.get(at) ?? new Map<string, Times>();
      waiting.set(at, ofSecond);
      const sum = ofSecond.get(name) ?? new Times();
      ofSecond.set(name, sum);
      sum.add(times);
    }
    yield rowLine(withBuckets(row, waiting.get(second)));
    for (const past of waiting.keys()) if (past <= second) waiting.delete(past);
  }
}

const withBuckets = (row: TimelineRow, times: ReadonlyMap<string, Times> | undefined): TimelineRow => {
  const operations: TimelineRow["operations"] = {};
  for (const [name, each] of Object.entries(row.operations)) {
    const held = times?.get(name);
    operations[name] =
      held === undefined || each.buckets !== undefined ? each : { ...each, buckets: held.buckets().flat() };
  }
  return { ...row, operations };
};

/** Service times of ok answers, in the order of the log. */
function* okTimes({ dir, file }: RunRecord): Generator<{ second: number; name: string; times: Times }> {
  for (const line of committedLines(join(dir, LATENCIES), file.files.latencyBytes)) {
    const parsed = parseLine(line);
    if (parsed === null || !("name" in parsed.series)) continue;
    const { name, outcome, kind, isMoved } = parsed.series;
    if (outcome === "ok" && kind === "service" && isMoved !== true) {
      yield { second: Math.floor(parsed.startSecond), name, times: parsed.times };
    }
  }
}

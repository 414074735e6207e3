/**
 * The head of a record whose `run.json` a power cut left empty or torn, made again from the two logs beside it: the times
 * are exact, counts are as good as the timeline. What stood in the head alone (the plan, the servers' settings) is gone.
 */

import { basename, dirname, join } from "node:path";
import { GeneratorLoad } from "./generator-load.ts";
import { type LogLine, startInHead } from "./latency-log.ts";
import { recordingReader } from "./load-log.ts";
import { type LogReader, walkLog } from "./log-walk.ts";
import { ownValue } from "./own-value.ts";
import { committedLines, LATENCIES, PARTS, TIMELINE, wholeLength } from "./record-files.ts";
import { Recording } from "./recording.ts";
import { RUN_SCHEMA, type RunFile } from "./run-file.ts";
import { LONGEST_RUN_S, parseRow, type TimelineRow } from "./timeline.ts";

/** @returns null when the logs say nothing, either, or nothing that can be */
export const rebuiltHead = (dir: string): RunFile | null => {
  const files = {
    latencyBytes: wholeLength(join(dir, LATENCIES)),
    timelineBytes: wholeLength(join(dir, TIMELINE)),
  };
  const recording = new Recording();
  const ends = new LogEnd();
  let startMs: number | null = null;
  walkLog(join(dir, LATENCIES), files.latencyBytes, [recordingReader(recording), ends], {
    comment: (line) => {
      startMs ??= startInHead(line);
    },
    broken: () => undefined, // What can be read counts; that the head is lost is said anyway.
  });
  const timeline = rowsIn(join(dir, TIMELINE), files.timelineBytes);
  if (startMs === null || (recording.size === 0 && timeline.lastSecond === null)) return null;
  countTimes(recording);
  countRest(recording, timeline.counts);
  const [part, run] = basename(dirname(dir)) === PARTS ? [basename(dir), dirname(dirname(dir))] : [null, dir];
  const startedAt = isoOf(startMs);
  const updatedAt = isoOf(lastKnownMs(startMs, timeline.lastSecond, ends.second));
  if (startedAt === null || updatedAt === null) return null;
  return {
    schema: RUN_SCHEMA,
    id: basename(run),
    part,
    state: "running",
    endReason: null,
    startedAt,
    endedAt: null,
    updatedAt,
    plan: {},
    versions: {},
    servers: {},
    ...recording.toRunFile(),
    sessions: timeline.load.sessions(),
    generator: timeline.load.generator(),
    parts: [],
    files,
  };
};

/** The last second that a latency log has a time of: a record may have lost its timeline. */
class LogEnd implements LogReader {
  /** Of the wall clock; 0 when there is none. */
  second = 0;

  isWanted(): boolean {
    return true;
  }

  take({ startSecond, seconds }: LogLine): void {
    const end = startSecond + seconds;
    if (end > this.second) this.second = end; // A damaged number is none, and no maximum.
  }

  takeBack(): void {}
}

/** @param lastSecond of the timeline, from the run's start @param logEnd of the wall clock; a damaged one counts for nothing */
const lastKnownMs = (startMs: number, lastSecond: number | null, logEnd: number): number => {
  const ofTimeline = startMs + 1000 * ((lastSecond ?? 0) + 1);
  const ofLog = 1000 * logEnd;
  return ofLog - startMs > 1000 * LONGEST_RUN_S ? ofTimeline : Math.max(ofTimeline, ofLog);
};

/** @returns null beyond the years that a record can hold */
const isoOf = (ms: number): string | null => (Math.abs(ms) <= LAST_MS ? new Date(ms).toISOString() : null);

const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");

interface Counted {
  count: number;
  failures: number;
}

interface Timeline {
  readonly counts: ReadonlyMap<string, Counted>;
  readonly load: GeneratorLoad;
  readonly lastSecond: number | null;
}

const rowsIn = (path: string, bytes: number): Timeline => {
  const counts = new Map<string, Counted>();
  const load = new GeneratorLoad();
  let lastSecond: number | null = null;
  for (const line of committedLines(path, bytes)) {
    const row = parseRow(line);
    if (row === null) continue;
    lastSecond = Math.max(lastSecond ?? 0, row.second);
    if (row.gauges !== null) load.add(row.gauges);
    addCounts(counts, row);
  }
  return { counts, load, lastSecond };
};

const addCounts = (counts: Map<string, Counted>, { operations }: TimelineRow): void => {
  for (const [name, { count, failures }] of Object.entries(operations)) {
    const sum = counts.get(name) ?? { count: 0, failures: 0 };
    counts.set(name, sum);
    sum.count += count;
    sum.failures += failures;
  }
};

/** Every time is of one operation; of its kinds the one that most operations have reached. */
const countTimes = (recording: Recording): void => {
  const most = new Map<string, { name: string; outcome: Parameters<Recording["increase"]>[1]; count: number }>();
  for (const { name, outcome, times } of recording.series()) {
    const key = `${outcome} ${name}`;
    const count = Math.max(times.count, most.get(key)?.count ?? 0);
    most.set(key, { name, outcome, count });
  }
  for (const { name, outcome, count } of most.values()) recording.increase(name, outcome, count);
};

/** What the timeline counted and no histogram has: operations without a time, such as those that were never sent. */
const countRest = (recording: Recording, counts: ReadonlyMap<string, Counted>): void => {
  const { operations } = recording.totals();
  for (const [name, { count, failures }] of counts) {
    const held = ownValue(operations, name) ?? {};
    const ok = held.ok ?? 0;
    const failed = Object.values(held).reduce((sum, each) => sum + each, 0) - ok;
    if (count - failures > ok) recording.increase(name, "ok", count - failures - ok);
    if (failures > failed) recording.increase(name, "unknown", failures - failed);
  }
};

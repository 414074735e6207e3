/**
 * Makes one record of the parts that the processes of a run wrote: histograms and counts are added, so the result is
 * what one process would have recorded. Every process does it at its end; the last one sees all parts complete.
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isLogComment, logHead } from "./latency-log.ts";
import { mergedOrigin } from "./origin.ts";
import { ownValue } from "./own-value.ts";
import { loadRecording, type RunRecord, readRun, timelineRows } from "./read-run.ts";
import { RecordError } from "./record-error.ts";
import {
  committedLines,
  FAILURES,
  LATENCIES,
  PARTS,
  RUN,
  replaceFile,
  replaceFileInPieces,
  TIMELINE,
  writeThrough,
} from "./record-files.ts";
import { Recording } from "./recording.ts";
import { RUN_SCHEMA, type RunFile } from "./run-file.ts";
import { mergedRow, rowLine, type TimelineRow } from "./timeline.ts";
import { worstGenerator } from "./worst-generator.ts";

/** Parts that still run change once a second, a merge takes a fraction of that. */
const MOST_ROUNDS = 8;

/**
 * Merges `parts/*` into the files of the run's own folder. Several processes may do it at the same time: each looks after
 * writing whether a part has changed since it was read, and begins again; so the last writer has read the last state.
 * A part whose process was killed is taken as far as it was committed, and stays `running` in `parts` of the result.
 * @returns the merged record; `damage` names parts that could not be read
 * @throws {RecordError} RECORD_NO_PARTS when no part can be read
 */
export const mergeParts = (runDir: string): RunRecord => {
  for (let round = 1; ; round++) {
    const { parts, damage } = readParts(runDir);
    const merged = writeMerged(runDir, parts, damage);
    if (round < MOST_ROUNDS && stateOf(readParts(runDir).parts) !== stateOf(parts)) continue;
    for (const name of [LATENCIES, TIMELINE, FAILURES, RUN]) writeThrough(join(runDir, name));
    return merged;
  }
};

const stateOf = (parts: readonly RunRecord[]): string =>
  JSON.stringify(parts.map(({ dir, file }) => [dir, file.state, file.updatedAt, file.files.latencyBytes]));

const readParts = (runDir: string): { parts: RunRecord[]; damage: string[] } => {
  const folder = join(runDir, PARTS);
  const parts: RunRecord[] = [];
  const damage: string[] = [];
  for (const name of foldersIn(folder)) {
    try {
      const part = readRun(join(folder, name));
      parts.push(part);
      damage.push(...part.damage.map((text) => `part ${name}: ${text}`));
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      damage.push(`part ${name}: ${error.message}`);
    }
  }
  if (parts.length === 0) throw new RecordError("RECORD_NO_PARTS", { dir: runDir });
  return { parts, damage };
};

const foldersIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
};

const writeMerged = (runDir: string, parts: readonly RunRecord[], damage: string[]): RunRecord => {
  const all = new Recording();
  for (const part of parts) {
    const { recording, brokenLines } = loadRecording(part);
    all.add(recording);
    if (brokenLines > 0) damage.push(`part ${part.file.part}: ${brokenLines} lines of ${LATENCIES} cannot be read`);
  }
  const startedAt = parts.map(({ file }) => file.startedAt).reduce(earlier);
  const peaks = new SessionPeaks();
  const timelineBytes = replaceFileInPieces(join(runDir, TIMELINE), mergedRows(parts, startedAt, peaks));
  const latencyBytes = replaceFileInPieces(join(runDir, LATENCIES), latencyLines(parts, startedAt));
  const failures = all.failures.groups();
  replaceFile(join(runDir, FAILURES), JSON.stringify(failures, null, 1));
  const file: RunFile = {
    ...headOf(parts, startedAt),
    ...all.toRunFile(),
    sessions: peaks.sessions(parts),
    generator: worstGenerator(
      parts.map((part) => part.file.generator),
      peaks.users,
    ),
    files: { latencyBytes, timelineBytes },
  };
  // Last: it is the commit of the other three.
  replaceFile(join(runDir, RUN), JSON.stringify(file, null, 1));
  return { dir: runDir, file, failures, damage };
};

type Head = Pick<
  RunFile,
  | "schema"
  | "id"
  | "part"
  | "state"
  | "endReason"
  | "startedAt"
  | "endedAt"
  | "updatedAt"
  | "plan"
  | "versions"
  | "servers"
  | "parts"
  | "origin"
>;

const headOf = (parts: readonly RunRecord[], startedAt: string): Head => {
  const files = parts.map(({ file }) => file);
  const isComplete = files.every(({ state }) => state === "complete");
  const reasons = new Set(files.flatMap(({ endReason }) => endReason ?? []));
  return {
    schema: RUN_SCHEMA,
    id: files[0]?.id ?? "",
    part: null,
    state: isComplete ? "complete" : "running",
    endReason: reasons.size === 0 ? null : [...reasons].join("; "),
    startedAt,
    endedAt: isComplete ? files.flatMap(({ endedAt }) => endedAt ?? []).reduce(later) : null,
    updatedAt: files.map(({ updatedAt }) => updatedAt).reduce(later),
    plan: Object.assign({}, ...files.map(({ plan }) => plan)),
    versions: Object.assign({}, ...files.map(({ versions }) => versions)),
    servers: Object.assign({}, ...files.map(({ servers }) => servers)),
    parts: files.map(({ part, state, updatedAt, clock }) => ({
      ...{ part: part ?? "", state, updatedAt },
      ...(clock !== undefined && { clock }),
    })),
    ...mergedOrigin(files),
  };
};

/** ISO 8601 in UTC compares as text. */
const earlier = (a: string, b: string): string => (a < b ? a : b);
const later = (a: string, b: string): string => (a > b ? a : b);

/** What several processes had open in the same second: no single one of them knows the peak. */
class SessionPeaks {
  #peak = 0;
  users = 0;
  readonly #byServer = new Map<string, number>();

  see({ gauges }: TimelineRow): void {
    if (gauges === null) return;
    this.#peak = Math.max(this.#peak, gauges.sessionsOpen);
    this.users = Math.max(this.users, gauges.users);
    for (const [server, open] of Object.entries(gauges.sessionsByServer ?? {})) {
      this.#byServer.set(server, Math.max(this.#byServer.get(server) ?? 0, open));
    }
  }

  sessions(parts: readonly RunRecord[]): RunFile["sessions"] {
    const each = parts.map(({ file }) => file.sessions);
    const byServer: RunFile["sessions"]["byServer"] = {};
    for (const server of new Set(each.flatMap((sessions) => Object.keys(sessions.byServer)))) {
      const ofServer = each.flatMap((sessions) => ownValue(sessions.byServer, server) ?? []);
      byServer[server] = {
        // A run shorter than its first row, or a peak between two rows, is known to the parts only.
        peak: Math.max(this.#byServer.get(server) ?? 0, ...ofServer.map(({ peak }) => peak)),
        leftOpen: ofServer.reduce((sum, { leftOpen }) => sum + leftOpen, 0),
      };
    }
    return {
      peak: Math.max(this.#peak, ...each.map(({ peak }) => peak)),
      leftOpen: each.reduce((sum, { leftOpen }) => sum + leftOpen, 0),
      byServer,
    };
  }
}

/** Timestamps of the lines are absolute, so the lines of all parts are one log as they stand. */
function* latencyLines(parts: readonly RunRecord[], startedAt: string): Generator<string> {
  yield logHead(Date.parse(startedAt));
  for (const { dir, file } of parts) {
    for (const line of committedLines(join(dir, LATENCIES), file.files.latencyBytes)) {
      if (!isLogComment(line)) yield `${line}\n`;
    }
  }
}

/** Walks all timelines side by side: one row of each part is in memory at a time. */
function* mergedRows(parts: readonly RunRecord[], startedAt: string, peaks: SessionPeaks): Generator<string> {
  const base = epochSecond(startedAt);
  const walks = parts.map((part) => {
    const rows = timelineRows(part);
    const shift = epochSecond(part.file.startedAt) - base;
    const next = (): TimelineRow | null => {
      const { value, done } = rows.next();
      return done || value === undefined ? null : { ...value, second: value.second + shift };
    };
    return { next, row: next() };
  });
  for (;;) {
    const second = Math.min(...walks.map(({ row }) => row?.second ?? Number.POSITIVE_INFINITY));
    if (!Number.isFinite(second)) return;
    const due = walks.filter(({ row }) => row?.second === second);
    const row = mergedRow(
      second,
      due.flatMap((walk) => walk.row ?? []),
    );
    for (const walk of due) walk.row = walk.next();
    peaks.see(row);
    yield rowLine(row);
  }
}

const epochSecond = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

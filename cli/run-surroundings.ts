/** What lies around a run in its results folder: earlier runs, searches for a ceiling, histories of probes. */
import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Found, foundOf, parseCeiling } from "../capacity/ceiling/ceiling-file.ts";
import type { Probe } from "../capacity/probe/probe.ts";
import type { Verdict } from "../gate/verdict.ts";
import { ownValue } from "../record/own-value.ts";
import { type RunRecord, readRun } from "../record/read-run.ts";
import { RecordError } from "../record/record-error.ts";
import { readIfThere } from "../record/record-files.ts";
import type { RunFile } from "../record/run-file.ts";
import type { Surroundings } from "../report/context.ts";
import { CEILING_FILE } from "./ceiling/ceiling.ts";
import { CommandError } from "./command-error.ts";
import { historyPath, readHistory } from "./probe/history-file.ts";
import { hasRecord } from "./run-folder.ts";

/** Heads of records are small, but a folder of years has thousands; a trend of more is in `swarmbridge runs`. */
const MOST_PREVIOUS = 30;
const MOST_CEILINGS = 50;

export const surroundingsOf = (record: RunRecord, verdict: Verdict | null, now: Date): Surroundings => {
  const results = resolve(dirname(record.dir));
  const folders = newestFirst(results);
  const ceilings = folders.flatMap((folder) => ceilingIn(folder) ?? []).slice(0, MOST_CEILINGS);
  return {
    verdict,
    previous: previousRuns(record, folders),
    ceilingOf: (server) => ceilings.find(isOf(server, record.file)) ?? null,
    probesOf: (server) => probesOf(results, server),
    now,
  };
};

/** What only has the name of a server of the run may be another one: a staging system, or yesterday's on its port. */
const isOf =
  (server: string | null, { servers }: RunFile) =>
  ({ head }: Found): boolean =>
    head.server === server &&
    (server === null || (head.address !== undefined && head.address === ownValue(servers, server)?.url));

/** An id that we made begins with the time. */
const newestFirst = (results: string): string[] => {
  try {
    return readdirSync(results)
      .sort()
      .reverse()
      .map((name) => join(results, name));
  } catch {
    // The run lies in a folder that only its owner may list: then nothing is around it.
    return [];
  }
};

const previousRuns = (record: RunRecord, folders: readonly string[]): RunRecord[] => {
  const startedMs = Date.parse(record.file.startedAt);
  const own = basename(resolve(record.dir));
  const earlier: RunRecord[] = [];
  for (const folder of folders) {
    if (earlier.length === MOST_PREVIOUS) break;
    if (basename(folder) === own || !hasRecord(folder)) continue;
    const one = readable(folder);
    if (one !== null && Date.parse(one.file.startedAt) < startedMs) earlier.push(one);
  }
  return earlier;
};

const readable = (folder: string): RunRecord | null => {
  try {
    return readRun(folder);
  } catch (error) {
    if (error instanceof RecordError) return null; // It is another run that is asked for.
    throw error;
  }
};

const ceilingIn = (folder: string): Found | null => {
  const head = parseCeiling(readIfThere(join(folder, CEILING_FILE)) ?? "");
  return head?.state === "complete" ? foundOf(head) : null;
};

const probesOf = (results: string, server: string): readonly Probe[] => {
  // A record may come from elsewhere, and its servers' names are no paths.
  if (!SERVER_NAME.test(server)) return [];
  try {
    return readHistory(historyPath(undefined, results, server)).probes;
  } catch (error) {
    if (error instanceof CommandError) return []; // Nobody has probed it.
    throw error;
  }
};

const SERVER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

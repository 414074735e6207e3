/** Finds the run that a person names, and its record: a folder, a run's id, or nothing for the newest run. */

import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { RUN_PLACE_FILE, readRunPlace } from "../azure/run/run-place.ts";
import { isFile } from "../config/find-file.ts";
import { nearest } from "../config/nearest.ts";
import { isLeftover } from "../record/delete-run.ts";
import { mergeParts } from "../record/merge-parts.ts";
import { type RunRecord, readRun } from "../record/read-run.ts";
import { PARTS, RUN } from "../record/record-files.ts";
import { runStartMs } from "../record/run-start.ts";
import { CommandError } from "./command-error.ts";

/** As the bridge has it: `SWARMBRIDGE_RESULTS`, else (also when that is empty) `results/` of the working folder. */
export const resultsFolder = (env: NodeJS.ProcessEnv): string => resolve(env.SWARMBRIDGE_RESULTS || "results");

/**
 * @param run a folder, or an id in `results`; undefined: the newest there, complete or not. An older one in its place could
 * pass a pipeline whose own run was killed. So does a run at Azure that left no record: its folder has none to be read.
 * One that was submitted elsewhere and only looked at from here is never the newest.
 * @throws {CommandError} when there is none
 */
export const runFolder = (run: string | undefined, results: string): string => {
  if (run === undefined) return newestRun(results);
  const found = [resolve(run), join(results, run)].find(isRun);
  if (found !== undefined) return found;
  const meant = nearest(run, runsIn(results));
  const hint = meant === null ? "name a run's folder, or its id there" : `did you mean ${meant}?`;
  throw new CommandError(`there is no run record ${run}, neither as a folder nor in ${results}: ${hint}`);
};

export const hasRecord = (folder: string): boolean => isFile(join(folder, RUN));

/** Also one at Azure, and one of several processes, that has no record yet. */
export const isRun = (folder: string): boolean =>
  hasRecord(folder) || isFile(join(folder, RUN_PLACE_FILE)) || hasParts(folder);

/** Processes of one run merge their parts at their end, if they reach it. */
const hasParts = (folder: string): boolean =>
  statSync(join(folder, PARTS), { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Parts that nobody has merged are merged now; those of a killed process make a record that is not complete. Those of
 * engines are not: who fetches them may not have all.
 * @throws {RecordError} what `readRun` and `mergeParts` throw
 */
export const recordOf = (folder: string): RunRecord =>
  hasRecord(folder) || isFile(join(folder, RUN_PLACE_FILE)) ? readRun(folder) : mergeParts(folder);

const newestRun = (results: string): string => {
  const own = runsIn(results)
    .map((name) => join(results, name))
    .filter((folder) => readRunPlace(folder)?.isForeign !== true)
    .map((folder) => ({ folder, startMs: startMsOf(folder) }));
  // Two of one moment: an id that we made begins with the time.
  const newest = own.toSorted((a, b) => a.startMs - b.startMs || (a.folder < b.folder ? -1 : 1)).at(-1);
  if (newest !== undefined) return newest.folder;
  throw new CommandError(
    `there is no run record in ${results} yet: start a run (locust -f multi.py), or name its folder`,
  );
};

/** What the record says; else when it was submitted; else, of a folder that tells nothing, when it was last touched. */
const startMsOf = (folder: string): number => {
  const submittedMs = Date.parse(readRunPlace(folder)?.submittedAt ?? "");
  return runStartMs(folder) ?? (Number.isNaN(submittedMs) ? statSync(folder).mtimeMs : submittedMs);
};

const runsIn = (results: string): string[] => {
  try {
    return readdirSync(results).filter((name) => !isLeftover(name) && isRun(join(results, name)));
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
};

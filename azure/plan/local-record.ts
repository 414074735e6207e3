/** The newest finished local run of the results folder that measured traffic: what is known of it before the first run at Azure. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../../config/environment.ts";
import { readRun } from "../../record/read-run.ts";
import { RecordError } from "../../record/record-error.ts";
import type { RunFile } from "../../record/run-file.ts";
import { runStartMs } from "../../record/run-start.ts";
import { trafficOf } from "./traffic.ts";

/** Runs are many, and only one is wanted. */
const MOST_LOOKED_AT = 50;

/**
 * @param servers that are to be tested: a run of others says nothing
 * @returns null without one that can be read
 */
export const newestLocalRun = (results: string, servers: readonly string[]): RunFile | null => {
  for (const folder of newestFirst(results).slice(0, MOST_LOOKED_AT)) {
    const file = headOf(join(results, folder));
    if (file !== null && tellsTraffic(file) && servers.every((name) => name in file.servers)) return file;
  }
  return null;
};

/** A record of a run at Azure may hold neither bytes nor what the generator did, and would hide an older one that does. */
const tellsTraffic = (file: RunFile): boolean =>
  file.state === "complete" && file.origin === undefined && trafficOf(file) !== null;

/** What tells no start is no record. */
const newestFirst = (results: string): string[] => {
  try {
    return readdirSync(results, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => {
        const startMs = runStartMs(join(results, name));
        return startMs === null ? [] : { name, startMs };
      })
      .toSorted((a, b) => b.startMs - a.startMs || (a.name < b.name ? 1 : -1))
      .map(({ name }) => name);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return []; // No run yet.
    throw error;
  }
};

const headOf = (folder: string): RunFile | null => {
  try {
    return readRun(folder).file;
  } catch (error) {
    if (error instanceof RecordError) return null; // Another file, a broken or a newer record: no ground for an estimate.
    throw error;
  }
};

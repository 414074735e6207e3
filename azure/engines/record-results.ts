/**
 * Makes the run record of a run at Azure from its downloaded results: one part for each engine, merged as the parts of a
 * local run are. For each engine the best there is: the record that its own bridge kept, else the service's CSV rows.
 */
import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { changeOrigin } from "../../record/change-origin.ts";
import { mergeParts } from "../../record/merge-parts.ts";
import type { Origin } from "../../record/origin.ts";
import { makeFolder } from "../../record/record-files.ts";
import { AzureError } from "../azure-error.ts";
import { isAlive } from "../process-alive.ts";
import { ByteBudget } from "./byte-budget.ts";
import { isOfEngine, ownFiles, rowFiles } from "./engine-files.ts";
import { EngineParts } from "./engine-parts.ts";
import type { MergedResults } from "./engine-results.ts";
import { takeOwnRecord } from "./own-record.ts";
import { openResults, type ResultSource } from "./result-source.ts";
import { resultsNote } from "./results-note.ts";
import type { RunHead } from "./run-head.ts";

export interface ResultFiles {
  /** Folder of the record: `results/<id>`. Gets `parts/engine-N/` and the merged record. */
  readonly runDir: string;
  /** Absolute paths of what was downloaded: zips and CSVs; what holds no results is passed over. */
  readonly files: readonly string[];
  /** Downloads without which the run can be judged (logs). They hold no rows; an engine's own record may be among them. */
  readonly extras?: readonly string[];
  readonly head: RunHead;
  /** How many engines the run had. */
  readonly engines: number;
  /** How much may be unpacked in all; absent: 20 GB. */
  readonly mostBytes?: number;
}

/**
 * @throws {AzureError} AZURE_NO_RESULTS when no file holds results of an engine; AZURE_RESULTS_BROKEN, naming the file,
 *   for a torn or hostile zip and a CSV that is none. Then an earlier record in the folder stays as it was.
 */
export const recordResults = async (results: ResultFiles): Promise<MergedResults> => {
  const { runDir, files, extras = [], head, engines, mostBytes } = results;
  makeFolder(runDir);
  removeStale(runDir);
  const stage = mkdtempSync(join(runDir, `${STAGE}${process.pid}-`));
  const wanted = {
    files,
    extras,
    budget: new ByteBudget(mostBytes),
    isOfInterest: isOfEngine,
    mostOfInterest: SPARE_FILES + FILES_OF_ENGINE * engines,
  };
  const { sources, faults, close } = await openResults(wanted).catch((error: unknown) => {
    rmSync(stage, { recursive: true, force: true });
    throw error;
  });
  try {
    const parts = new EngineParts(join(stage, "parts"), head, engines);
    for (const file of rowFiles(sources.filter(({ isNeeded }) => isNeeded))) await parts.addRows(file);
    const left = await addOwnRecords(parts, sources, join(stage, "own"));
    const unused = [...faults, ...left.unused];
    if (parts.origins.length === 0) throw new AzureError("AZURE_NO_RESULTS", { place: head.id });
    rmSync(join(runDir, "parts"), { recursive: true, force: true });
    renameSync(parts.dir, join(runDir, "parts"));
    mergeParts(runDir);
    changeOrigin(runDir, { unused, uncounted: left.uncounted });
    const isExact = parts.origins.every(({ source }) => source === "histograms");
    return {
      source: isExact ? "histograms" : "rows",
      note: resultsNote({ origins: parts.origins, engineCount: engines, unused }),
      engines: parts.origins.length,
    };
  } finally {
    close();
    rmSync(stage, { recursive: true, force: true });
  }
};

/** The folder in which a record is made begins with this, then comes the number of its process. */
const STAGE = ".results-";

/** Its CSV and the record of its bridge, also when that has parts. */
const FILES_OF_ENGINE = 100;
/** For downloads that hold the same twice. */
const SPARE_FILES = 1_000;

/** What killed processes left; another may be at work at this moment. */
const removeStale = (runDir: string): void => {
  for (const name of readdirSync(runDir)) {
    const [, digits] = /^\.results-(\d+)-/.exec(name) ?? [];
    if (digits !== undefined && !isAlive(Number(digits))) rmSync(join(runDir, name), { recursive: true, force: true });
  }
};

/** @returns those that were not used, and why; of these, those that have more than was counted */
const addOwnRecords = async (
  parts: EngineParts,
  sources: readonly ResultSource[],
  stage: string,
): Promise<Required<Pick<Origin, "unused" | "uncounted">>> => {
  const unused: string[] = [];
  const uncounted: string[] = [];
  for (const [index, own] of ownFiles(sources).entries()) {
    const taken = await takeOwnRecord(own, join(stage, String(index))).catch((error: unknown) => {
      const isNeeded = [...own.sources.values()].some((source) => source.isNeeded);
      if (isNeeded || !(error instanceof AzureError)) throw error;
      return error.detail.why ?? error.message;
    });
    const refusal = typeof taken === "string" ? { why: taken, more: null } : parts.addOwn(taken);
    if (refusal === null) continue;
    unused.push(`the record in ${own.place} is not used: ${refusal.why}`);
    if (refusal.more !== null) uncounted.push(`the record in ${own.place}, which is not used, ${refusal.more}`);
  }
  return { unused, uncounted };
};

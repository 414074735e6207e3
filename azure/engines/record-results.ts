/**
 * Makes the run record of a run at Azure from its downloaded results: one part for each engine, merged as the parts of a
 * local run are. For each engine the best there is: the record that its own bridge kept, else the service's CSV rows.
 */
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { mergeParts } from "../../record/merge-parts.ts";
import { makeFolder } from "../../record/record-files.ts";
import { AzureError } from "../azure-error.ts";
import { ByteBudget } from "./byte-budget.ts";
import { ownFiles, rowFiles } from "./engine-files.ts";
import { EngineParts } from "./engine-parts.ts";
import type { MergedResults } from "./engine-results.ts";
import { takeOwnRecord } from "./own-record.ts";
import { openResults, type ResultSource } from "./result-source.ts";
import { resultsNote } from "./results-note.ts";
import type { RunHead } from "./run-head.ts";

export interface ResultFiles {
  /** Folder of the record: `results/<id>`. Gets `parts/engine-N/` and the merged record. */
  readonly runDir: string;
  /** Absolute paths of what was downloaded: zips and CSVs; what holds no results (logs) is passed over. */
  readonly files: readonly string[];
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
  const { runDir, files, head, engines, mostBytes } = results;
  makeFolder(runDir);
  const stage = mkdtempSync(join(runDir, ".results-"));
  const { sources, close } = await openResults(files, new ByteBudget(mostBytes)).catch((error: unknown) => {
    rmSync(stage, { recursive: true, force: true });
    throw error;
  });
  try {
    const parts = new EngineParts(join(stage, "parts"), head, engines);
    for (const file of rowFiles(sources)) await parts.addRows(file);
    const unused = await addOwnRecords(parts, sources, join(stage, "own"));
    if (parts.origins.length === 0) throw new AzureError("AZURE_NO_RESULTS", { place: head.id });
    rmSync(join(runDir, "parts"), { recursive: true, force: true });
    renameSync(parts.dir, join(runDir, "parts"));
    mergeParts(runDir);
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

/** @returns those that were not used, and why */
const addOwnRecords = async (
  parts: EngineParts,
  sources: readonly ResultSource[],
  stage: string,
): Promise<string[]> => {
  const unused: string[] = [];
  for (const [index, own] of ownFiles(sources).entries()) {
    const taken = await takeOwnRecord(own, join(stage, String(index)));
    const why = typeof taken === "string" ? taken : parts.addOwn(taken);
    if (why !== null) unused.push(`the record in ${own.place} is not used: ${why}`);
  }
  return unused;
};

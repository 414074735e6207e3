/** `swarmbridge azure compare`: two runs name by name; what is not recorded here is fetched first. */

import { join, resolve } from "node:path";
import { AzureError } from "../../azure/azure-error.ts";
import { isRecorded } from "../../azure/run/record-run.ts";
import { DEFAULT_BUDGETS } from "../../gate/compare/budget.ts";
import { compareSides } from "../../gate/compare/comparison.ts";
import { measureRun } from "../../gate/compare/measure-run.ts";
import { type RunRecord, readRun } from "../../record/read-run.ts";
import { writeCompared } from "../compared.ts";
import type { Output } from "../output.ts";
import { hasRecord, resultsFolder } from "../run-folder.ts";
import { downloaded } from "./download.ts";
import type { AzureFile, Knobs } from "./open-azure.ts";
import { openDesk, placeOf, type RunDesk, runDirOf } from "./run-desk.ts";

export interface CompareOptions {
  /** Ids, or folders of records. */
  readonly before: string;
  readonly after: string;
  readonly json: boolean;
}

/** @returns the exit code, as `swarmbridge compare` has it */
export const azureCompare = async (
  file: AzureFile,
  { before, after, json }: CompareOptions,
  output: Output,
  knobs: Knobs = {},
): Promise<number> => {
  let desk: RunDesk | null = null;
  const recordOf = async (run: string): Promise<RunRecord> => {
    const here = [resolve(run), join(resultsFolder(output.env), run)].find(hasRecord);
    if (here !== undefined) return readRun(here);
    // Two runs that are here need no login.
    desk ??= await openDesk(file, { output, isJson: json }, knobs);
    const place = await placeOf(desk, run);
    await downloaded(desk, place);
    const runDir = runDirOf(desk, place);
    if (isRecorded(runDir)) return readRun(runDir);
    throw new AzureError("AZURE_NO_RESULTS", { place: run });
  };
  const sides = [[measureRun(await recordOf(before))], [measureRun(await recordOf(after))]] as const;
  const comparison = compareSides(...sides, DEFAULT_BUDGETS);
  return writeCompared([comparison], [], { html: undefined, markdown: undefined, junit: undefined, json }, output);
};

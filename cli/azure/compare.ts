/** `swarmbridge azure compare`: two runs name by name; what is not recorded here is fetched first. */

import { join, resolve } from "node:path";
import { AzureError } from "../../azure/azure-error.ts";
import { isRecorded } from "../../azure/run/record-run.ts";
import { compareRuns } from "../../gate/compare.ts";
import { compareLines } from "../../gate/compare-text.ts";
import { type RunRecord, readRun } from "../../record/read-run.ts";
import { EXIT } from "../exit-code.ts";
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

const WIDE = 140;

/** Says what changed, and judges nothing. @returns the exit code */
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
  const comparison = compareRuns(await recordOf(before), await recordOf(after));
  const { print, style, redactor } = output;
  if (json) print(redactor.cleanJson(JSON.stringify({ version: 1, exitCode: EXIT.fine, ...comparison })));
  else {
    // Names stand beside three pairs of figures: elsewhere than on a terminal there is room for them.
    const page = { columns: process.stdout.columns || WIDE, color: style.bold("") !== "" };
    print(redactor.clean(compareLines(comparison, page).join("\n")));
  }
  return EXIT.fine;
};

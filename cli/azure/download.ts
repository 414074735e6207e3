/** `swarmbridge azure download`: the files of a run, and its record, wherever it was started. */

import { relative } from "node:path";
import { AzureError } from "../../azure/azure-error.ts";
import { ENDED_STATES } from "../../azure/plane/data-plane.ts";
import { fetchResults } from "../../azure/run/fetch-results.ts";
import { finishRun } from "../../azure/run/finish-run.ts";
import { isRecorded } from "../../azure/run/record-run.ts";
import { type RunPlace, writeRunPlace } from "../../azure/run/run-place.ts";
import { placeWith } from "../../azure/run/submit.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import type { AzureFile, Knobs } from "./open-azure.ts";
import { openDesk, placeOf, type RunDesk, recordedOf, runDirOf } from "./run-desk.ts";
import { printReport, runJson } from "./run-report.ts";

export interface DownloadOptions {
  /** Id; undefined: the newest that was submitted from here. */
  readonly run: string | undefined;
  readonly json: boolean;
}

/** @returns the exit code: 0 when the files are here, whatever the run's verdict is */
export const azureDownload = async (
  file: AzureFile,
  { run: named, json }: DownloadOptions,
  output: Output,
  knobs: Knobs = {},
): Promise<number> => {
  const desk = await openDesk(file, { output, isJson: json }, knobs);
  const place = await placeOf(desk, named);
  const run = await downloaded(desk, place);
  const runDir = runDirOf(desk, place);
  const hasRecord = isRecorded(runDir);
  if (json) {
    const record = hasRecord ? runDir : null;
    printReport(output, EXIT.fine, { run: runJson(place, run), record, folder: runDir });
    return EXIT.fine;
  }
  const folder = relative(process.cwd(), runDir);
  desk.screen.say(`files   ${folder}/azure`);
  desk.screen.say(hasRecord ? `record  ${folder}   (swarmbridge gate ${place.testRunId})` : "record  none: no results");
  return EXIT.fine;
};

/**
 * Files and record of a run that has ended.
 * @throws {AzureError} AZURE_NO_RUN when it is not at Azure; AZURE_NO_RESULTS while it goes on, or when it has none
 */
export const downloaded = async (desk: RunDesk, place: RunPlace) => {
  const { plane, context, screen } = desk;
  const { testRunId } = place;
  const run = await plane.run(testRunId);
  if (run === null) throw new AzureError("AZURE_NO_RUN", { place: testRunId, why: "it is not at Azure any more" });
  if (!ENDED_STATES.has(run.status)) {
    throw new AzureError("AZURE_NO_RESULTS", { place: testRunId, why: `it goes on: ${run.status}` });
  }
  const runDir = runDirOf(desk, place);
  writeRunPlace(runDir, placeWith(place, run));
  const finished = await finishRun(context, run, recordedOf(desk, place));
  // What an earlier attempt could not have, such as logs.
  await fetchResults(context, finished.run, runDir);
  screen.close();
  return finished.run;
};

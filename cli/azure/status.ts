/** `swarmbridge azure status`: how a run is, and when it has ended its verdict. Finds it again after anything. */

import { AzureError } from "../../azure/azure-error.ts";
import { ENDED_STATES } from "../../azure/plane/data-plane.ts";
import { liveFigures } from "../../azure/run/live-figures.ts";
import { readRunPlace, writeRunPlace } from "../../azure/run/run-place.ts";
import { placeWith } from "../../azure/run/submit.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { endOfRun } from "./end-of-run.ts";
import type { AzureFile, Knobs } from "./open-azure.ts";
import { outliveReader } from "./outlive-reader.ts";
import { processInterruption } from "./process-interruption.ts";
import { openDesk, placeOf, runDirOf } from "./run-desk.ts";
import { runLine } from "./run-lines.ts";
import { printReport, reportError, runJson } from "./run-report.ts";
import { watchRun } from "./watch-run.ts";

export interface StatusOptions {
  /** Id; undefined: the newest that was submitted from here. */
  readonly run: string | undefined;
  readonly wait: boolean;
  readonly json: boolean;
}

/** @returns the exit code: the gate's when the run has ended, 0 while it goes on */
export const azureStatus = async (
  file: AzureFile,
  { run: named, wait, json }: StatusOptions,
  output: Output,
  knobs: Knobs = {},
): Promise<number> => {
  outliveReader();
  const desk = await openDesk(file, { output, isJson: json }, knobs);
  const { plane, screen, context } = desk;
  const place = await placeOf(desk, named);
  const { testRunId } = place;
  const run = await plane.run(testRunId);
  if (run === null) {
    const why = "it was never started, or was deleted there";
    throw new AzureError("AZURE_NO_RUN", { place: testRunId, why });
  }
  screen.say(`run ${testRunId} of test ${run.testId}: ${run.status}`);
  if (ENDED_STATES.has(run.status)) {
    return endOfRun(desk, place, run).catch((error) =>
      reportError(error, { output, isJson: json, run: runJson(place, run) }),
    );
  }
  if (wait) {
    const { interruption, release } = processInterruption(screen, output, json);
    interruption.run = runJson(place, run);
    try {
      return await watchRun(desk, place, interruption);
    } catch (error) {
      return reportError(error, { output, isJson: json, run: interruption.run });
    } finally {
      screen.close();
      release();
    }
  }
  const runDir = runDirOf(desk, place);
  // To look at somebody else's run does not make it the newest of this folder.
  if (readRunPlace(runDir) !== null) writeRunPlace(runDir, placeWith(place, run));
  if (json) return printReport(output, EXIT.fine, { run: runJson(place, run) });
  const figures = await liveFigures(plane, testRunId, context.clock.date());
  const begun = Date.parse(run.executionStartDateTime ?? run.startDateTime ?? place.submittedAt);
  const elapsedMs = Math.max(0, context.clock.date().getTime() - begun);
  const line = runLine({ what: "progress", state: run.status, elapsedMs, figures });
  if (line !== null) screen.say(line.text);
  if (run.portalUrl !== null) screen.say(`  ${run.portalUrl}`);
  screen.say(`to follow it: swarmbridge azure status --wait ${testRunId}`);
  return EXIT.fine;
};

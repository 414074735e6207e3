/** `swarmbridge azure stop`: ends a run at Azure before its time. */

import { AzureError } from "../../azure/azure-error.ts";
import { ENDED_STATES } from "../../azure/plane/data-plane.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import type { AzureFile, Knobs } from "./open-azure.ts";
import { openDesk, placeOf } from "./run-desk.ts";
import { printReport, runJson } from "./run-report.ts";

export interface StopOptions {
  /** Id; undefined: the newest that was submitted from here. */
  readonly run: string | undefined;
  readonly json: boolean;
}

/** Of a run that has ended it says so, and that is fine. @returns the exit code */
export const azureStop = async (
  file: AzureFile,
  { run: named, json }: StopOptions,
  output: Output,
  knobs: Knobs = {},
): Promise<number> => {
  const desk = await openDesk(file, { output, isJson: json }, knobs);
  const { plane, screen } = desk;
  const place = await placeOf(desk, named);
  const { testRunId } = place;
  const run = await plane.run(testRunId);
  if (run === null) throw new AzureError("AZURE_NO_RUN", { place: testRunId, why: "it is not at Azure any more" });
  const hasEnded = ENDED_STATES.has(run.status);
  if (!hasEnded) await plane.stopRun(testRunId);
  if (json) {
    const after = hasEnded ? run : ((await plane.run(testRunId)) ?? run);
    printReport(output, EXIT.fine, { stopped: !hasEnded, run: runJson(place, after) });
  } else if (hasEnded) screen.say(`run ${testRunId} has ended already: ${run.status}`);
  else screen.say(`Azure stops ${testRunId}; its engines are gone some minutes later (swarmbridge azure status)`);
  return EXIT.fine;
};

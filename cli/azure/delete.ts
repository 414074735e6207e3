/** `swarmbridge azure delete`: removes a run or the test at Azure. What is recorded here stays. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { AzureError } from "../../azure/azure-error.ts";
import { RUN_PLACE_FILE, runPlaces } from "../../azure/run/run-place.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import type { AzureFile, Knobs } from "./open-azure.ts";
import { openDesk } from "./run-desk.ts";
import { printReport } from "./run-report.ts";

export interface DeleteOptions {
  readonly what: "run" | "test";
  readonly id: string;
  /** Said by the user: nothing is asked, and nothing can be had back. */
  readonly yes: boolean;
  readonly json: boolean;
}

/** @returns the exit code @throws {CommandError} without the user's yes; {AzureError} AZURE_NOT_FOUND */
export const azureDelete = async (
  file: AzureFile,
  { what, id, yes, json }: DeleteOptions,
  output: Output,
  knobs: Knobs = {},
): Promise<number> => {
  if (!/^[a-z0-9_-]{2,50}$/.test(id)) throw new CommandError(`${what} ids have 2 to 50 of a-z, 0-9, _ and -`);
  if (!yes) {
    const also = what === "test" ? " and all its runs" : " and its results at Azure";
    throw new CommandError(`this would delete ${what} ${id}${also}; nobody can bring it back. Say --yes`);
  }
  const { plane, resultsRoot, screen } = await openDesk(file, { output, isJson: json }, knobs);
  const there = await (what === "run" ? plane.run(id) : plane.test(id));
  // To delete again what is gone is fine for Azure; here it is mostly a slip of the keyboard.
  if (there === null) throw new AzureError("AZURE_NOT_FOUND", { place: `${what} ${id}`, why: "nothing was deleted" });
  await (what === "run" ? plane.deleteRun(id) : plane.deleteTest(id));
  for (const { testRunId, testId } of runPlaces(resultsRoot)) {
    // `azure status` would look for it.
    if ((what === "run" ? testRunId : testId) === id) {
      rmSync(join(resultsRoot, testRunId, RUN_PLACE_FILE), { force: true });
    }
  }
  if (json) printReport(output, EXIT.fine, { deleted: { [what]: id } });
  else screen.say(`${what} ${id} is deleted at Azure; records here stay`);
  return EXIT.fine;
};

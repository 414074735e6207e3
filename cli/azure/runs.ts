/** `swarmbridge azure runs`: the runs of the test at Azure, newest first, wherever they were started. */

import { join } from "node:path";
import type { RemoteRun } from "../../azure/plane/data-plane.ts";
import { isRecorded } from "../../azure/run/record-run.ts";
import { countText } from "../../record/duration-text.ts";
import { printable, tableLines } from "../../record/text-table.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import type { AzureFile, Knobs } from "./open-azure.ts";
import { openDesk } from "./run-desk.ts";
import { printReport, runJson } from "./run-report.ts";

export interface RunsOptions {
  /** Another test than that of loadtest.yaml. */
  readonly test: string | undefined;
  readonly most: number;
  readonly json: boolean;
}

/** @returns the exit code */
export const azureRuns = async (
  file: AzureFile,
  { test, most, json }: RunsOptions,
  output: Output,
  knobs: Knobs = {},
): Promise<number> => {
  const desk = await openDesk(file, { output, isJson: json }, knobs);
  const { plane, azure, resultsRoot } = desk;
  const testId = test ?? azure.testId;
  const runs = (await plane.runs(testId, most)).map((run) => ({
    run,
    // An id is a folder's name only as the service takes ids.
    isHere: /^[a-z0-9_-]{2,50}$/.test(run.testRunId) && isRecorded(join(resultsRoot, run.testRunId)),
  }));
  const { print, style } = output;
  if (json) {
    const listed = runs.map(({ run, isHere }) => ({ ...runJson(null, run), recorded: isHere }));
    printReport(output, EXIT.fine, { testId, runs: listed });
  } else if (runs.length === 0) print(`test ${testId} has no runs yet`);
  else {
    const rows = runs.map(({ run, isHere }) => rowOf(run, isHere));
    for (const line of tableLines([HEADER, ...rows], Math.max(style.columns, 100))) print(line);
  }
  return EXIT.fine;
};

const HEADER = ["run", "started (UTC)", "state", "users", "result", "record"];

const rowOf = (run: RemoteRun, isHere: boolean): string[] => [
  printable(run.testRunId),
  run.startDateTime === null ? "-" : printable(run.startDateTime.slice(0, 19).replace("T", " ")),
  printable(run.status),
  run.virtualUsers === null ? "-" : countText(run.virtualUsers),
  run.testResult === null || run.testResult === "NOT_APPLICABLE" ? "-" : printable(run.testResult),
  isHere ? "here" : "-",
];

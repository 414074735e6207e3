/** From the downloaded files of a run to its record, and whether that was done already. */

import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { changeOrigin } from "../../record/change-origin.ts";
import { readRun } from "../../record/read-run.ts";
import { RecordError } from "../../record/record-error.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { MergedResults } from "../engines/engine-results.ts";
import { recordResults } from "../engines/record-results.ts";
import type { RemoteRun } from "../plane/data-plane.ts";
import { azureOutcome } from "./azure-outcome.ts";
import { DOWNLOADS, isExtra } from "./fetch-results.ts";

export interface Recorded {
  readonly runDir: string;
  readonly engines: number;
  /** As the configuration has them now: what was planned, and the servers without their secrets. */
  readonly plan: RunFile["plan"];
  readonly versions: RunFile["versions"];
  readonly servers: RunFile["servers"];
}

/** @throws {AzureError} AZURE_NO_RESULTS, AZURE_RESULTS_BROKEN */
export const recordRun = (
  run: RemoteRun,
  { runDir, engines, plan, versions, servers }: Recorded,
): Promise<MergedResults> => {
  const startedAt = run.executionStartDateTime ?? run.startDateTime;
  const endedAt = run.executionEndDateTime ?? run.endDateTime;
  // A run without dates was never executed; its record, if it has results at all, begins when it is made.
  const now = new Date().toISOString();
  const folder = join(runDir, DOWNLOADS);
  const files = downloadedFiles(folder);
  const extras = files.filter((path) => isExtra(relative(folder, path)));
  return recordResults({
    runDir,
    files: files.filter((path) => !extras.includes(path)),
    extras,
    engines,
    head: {
      id: run.testRunId,
      testId: run.testId,
      startedAt: startedAt ?? now,
      endedAt: endedAt ?? startedAt ?? now,
      endReason: run.status.toLowerCase(),
      outcome: azureOutcome(run),
      plan,
      versions,
      servers,
    },
  });
};

/** What Azure says of the run now, in a record that is there: it may have judged later than it gave the results. */
export const noteOutcome = (runDir: string, run: RemoteRun): void =>
  changeOrigin(runDir, { outcome: azureOutcome(run) });

/** Whether the folder holds a complete record. */
export const isRecorded = (runDir: string): boolean => {
  try {
    return readRun(runDir).file.state === "complete";
  } catch (error) {
    if (error instanceof RecordError) return false;
    throw error;
  }
};

const downloadedFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    // What a killed download left.
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".part"))
    .map((entry) => join(entry.parentPath, entry.name));

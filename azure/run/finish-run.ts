/** What comes after a run's last state: its results are fetched and recorded. Asked again, it does only what is missing. */

import { AzureError } from "../azure-error.ts";
import type { MergedResults } from "../engines/engine-results.ts";
import type { RemoteRun } from "../plane/data-plane.ts";
import { awaitResults, hasResults } from "./await-results.ts";
import { type Downloads, fetchResults } from "./fetch-results.ts";
import { isRecorded, noteOutcome, type Recorded, recordRun } from "./record-run.ts";
import type { RunContext } from "./run-context.ts";
import { runFailure } from "./run-failure.ts";

export interface FinishedRun {
  /** With its newest statistics. */
  readonly run: RemoteRun;
  /** How the record was made just now; null when it was there already, or there are no results to make it of. */
  readonly merged: MergedResults | null;
  /** Why it did not end as planned; null for DONE. */
  readonly failure: AzureError | null;
}

/**
 * @param run in one of its last states
 * @throws {AzureError} when a run that is DONE has no results, or they cannot be had or read. Of another run, that is a note
 */
export const finishRun = async (
  context: RunContext & { readonly downloads: Downloads },
  run: RemoteRun,
  recorded: Recorded,
): Promise<FinishedRun> => {
  const failure = runFailure(run);
  // It was never executed: there is nothing to wait for.
  if (run.status === "VALIDATION_FAILURE") return { run, merged: null, failure };
  const newest = await awaitResults(context, run);
  try {
    await fetchResults(context, newest, recorded.runDir);
    const isThere = isRecorded(recorded.runDir);
    if (isThere) noteOutcome(recorded.runDir, newest);
    const isToRecord = hasResults(newest) && !isThere;
    return { run: newest, merged: isToRecord ? await recordRun(newest, recorded) : null, failure };
  } catch (error) {
    if (failure === null || !(error instanceof AzureError)) throw error;
    context.tell({ what: "note", text: `what the run left could not be recorded: ${error.sentence}` });
    return { run: newest, merged: null, failure };
  }
};

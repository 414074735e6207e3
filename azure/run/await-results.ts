/** Waits for what a run leaves behind: statistics and files come some time after its last state. */

import { AzureError } from "../azure-error.ts";
import type { RemoteRun } from "../plane/data-plane.ts";
import { persistently } from "./persistently.ts";
import type { RunContext } from "./run-context.ts";

/** Whether there is a file to download, whatever its statistics say. */
export const hasResults = ({ artifacts }: RemoteRun): boolean =>
  artifacts.results !== null || artifacts.container !== null;

/**
 * @param run in its last state
 * @returns the run with its results; when only the statistics never came, with what there is; a run that did not end as
 * planned may have none
 * @throws {AzureError} AZURE_NO_RESULTS when a run that is DONE has none in time
 */
export const awaitResults = async (context: RunContext, run: RemoteRun): Promise<RemoteRun> => {
  const { clock, pace, tell } = context;
  const startMs = clock.nowMs();
  const polls = run.status === "DONE" ? pace.resultsPolls : pace.resultsPollsOfBroken;
  let newest = run;
  for (let poll = 0; poll < polls && !isComplete(newest); poll += 1) {
    tell({ what: "awaiting-results", elapsedMs: clock.nowMs() - startMs });
    await clock.sleep(pace.resultsPollMs);
    newest = await fresh(context, run.testRunId);
  }
  if (hasResults(newest) || run.status !== "DONE") return newest;
  const why = `none after ${Math.round((clock.nowMs() - startMs) / 60_000)} minutes`;
  throw new AzureError("AZURE_NO_RESULTS", { place: `run ${run.testRunId}`, why });
};

/** The run as it is now, with new links. @throws {AzureError} AZURE_NOT_FOUND when it was deleted */
export const fresh = async (context: RunContext, testRunId: string): Promise<RemoteRun> => {
  const { plane, clock, pace } = context;
  const run = await persistently(context, clock.nowMs() + pace.patienceMs, () => plane.run(testRunId));
  if (run !== null) return run;
  throw new AzureError("AZURE_NOT_FOUND", { place: `run ${testRunId}`, why: "it was deleted" });
};

const isComplete = (run: RemoteRun): boolean => hasResults(run) && run.virtualUsers !== null;

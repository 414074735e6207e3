/**
 * Starts a run, and leaves no doubt about it: as long as there may be a run at Azure, `results/<id>/azure.json` leads to it.
 * An answer that is lost, or that cannot be read, says nothing: then Azure is asked whether there is such a run.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { AuthError } from "../../auth/auth-error.ts";
import { AzureError } from "../azure-error.ts";
import type { RemoteRun } from "../plane/data-plane.ts";
import { persistently } from "./persistently.ts";
import type { RunContext } from "./run-context.ts";
import { type RunPlace, STARTING, writeRunPlace } from "./run-place.ts";
import { placeWith } from "./submit.ts";

export interface Start {
  readonly place: Omit<RunPlace, "version" | "isForeign" | "submittedAt" | "portalUrl" | "state">;
  readonly displayName: string;
  readonly resultsRoot: string;
  /** Aborted: it is not asked for again. What was asked for may be a run nevertheless. */
  readonly halt?: AbortSignal;
}

/**
 * @returns what is known of the run from now on, which is also in the folder of its record; null when it was halted, and
 * there is no run
 * @throws {AzureError} {AuthError} why it was not started; or, after the event `start-unknown`, why nobody knows
 */
export const startRun = async (
  context: RunContext,
  { place: given, displayName, resultsRoot, halt }: Start,
): Promise<RunPlace | null> => {
  const { plane, clock, pace, tell } = context;
  const { testRunId, testId } = given;
  const runDir = join(resultsRoot, testRunId);
  const submittedAt = clock.date().toISOString();
  const place: RunPlace = { ...given, version: 1, isForeign: false, submittedAt, portalUrl: null, state: STARTING };
  writeRunPlace(runDir, place);
  let mayBeThere = false;
  const attempt = async (): Promise<RemoteRun> => {
    try {
      return await plane.startRun(testRunId, { testId, displayName });
    } catch (error) {
      mayBeThere ||= !isRefusal(error);
      throw error;
    }
  };
  let run: RemoteRun | null;
  try {
    run = await persistently(context, clock.nowMs() + pace.patienceMs, attempt, { halt });
  } catch (error) {
    run = mayBeThere ? await lookedUp(context, testRunId, error) : null;
    if (run === null) {
      rmSync(runDir, { recursive: true, force: true });
      if (halt?.aborted) return null;
      throw error;
    }
  }
  const started = placeWith(place, run);
  writeRunPlace(runDir, started);
  tell({ what: "started", testRunId, portalUrl: run.portalUrl });
  return started;
};

/** Azure has read the request and said no, or it was never sent. 408 is about a request that was not read in time. */
const isRefusal = (error: unknown): boolean => {
  if (error instanceof AuthError) return true;
  const status = error instanceof AzureError ? (error.detail.status ?? 0) : 0;
  return status >= 400 && status < 500 && status !== 408;
};

/** @returns null: there is none @throws `cause` when that cannot be found out */
const lookedUp = async (
  { plane, clock, pace, tell }: RunContext,
  testRunId: string,
  cause: unknown,
): Promise<RemoteRun | null> => {
  const untilMs = clock.nowMs() + pace.settlesWithinMs;
  try {
    for (;;) {
      const run = await plane.run(testRunId);
      // A run that was accepted just now may not be there yet.
      if (run !== null || clock.nowMs() >= untilMs) return run;
      await clock.sleep(pace.firstPauseMs);
    }
  } catch {
    tell({ what: "start-unknown", testRunId });
    throw cause;
  }
};

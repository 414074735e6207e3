import { AzureError } from "../azure-error.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Stops a run that was started just now: one that is not there may appear in some seconds.
 * @throws {AzureError} AZURE_NOT_FOUND when it does not
 */
export const stopRun = async ({ plane, clock, pace }: RunContext, testRunId: string): Promise<void> => {
  const untilMs = clock.nowMs() + pace.settlesWithinMs;
  for (;;) {
    try {
      await plane.stopRun(testRunId);
      return;
    } catch (error) {
      const isMissing = error instanceof AzureError && error.code === "AZURE_NOT_FOUND";
      if (!isMissing || clock.nowMs() >= untilMs) throw error;
      await clock.sleep(pace.firstPauseMs);
    }
  }
};

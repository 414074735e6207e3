/** Follows a run to its end. A lost connection ends nothing: the run goes on at Azure, and so does this. */

import { AuthError } from "../../auth/auth-error.ts";
import { AzureError } from "../azure-error.ts";
import { ENDED_STATES, type RemoteRun } from "../plane/data-plane.ts";
import { FigureWatch, liveFigures } from "./live-figures.ts";
import { waitLimitMs } from "./pace.ts";
import { isPassing, persistently } from "./persistently.ts";
import type { RunContext } from "./run-context.ts";

/** States in which engines send, and metrics can be had. */
const MEASURED_STATES: ReadonlySet<string> = new Set(["EXECUTING", "CANCELLING"]);

export interface Followed {
  readonly testRunId: string;
  /** null: not known; then as long as Azure allows any run. */
  readonly runTimeSeconds: number | null;
  /** Is told every state and its link once: kept in the run's place. */
  readonly onState: (run: RemoteRun) => void;
}

/**
 * @returns the run in its last state; null when it has not ended in the time that it can take
 * @throws {AzureError} AZURE_NOT_FOUND when the run is gone, and what does not pass by itself or in time
 * @throws {AuthError} a login that is refused for minutes
 */
export const follow = async (
  context: RunContext,
  { testRunId, runTimeSeconds, onState }: Followed,
): Promise<RemoteRun | null> => {
  const { plane, clock, pace, tell } = context;
  const startMs = clock.nowMs();
  const untilMs = startMs + waitLimitMs(pace, runTimeSeconds);
  const watch = new FigureWatch(() => liveFigures(plane, testRunId, clock.date()));
  let seen: string | null = null;
  for (;;) {
    const run = await persistently(context, untilMs, () => plane.run(testRunId), {
      passes: outlasting(context),
    });
    const elapsedMs = clock.nowMs() - startMs;
    if (run === null) {
      // What was just started may not be there yet; what was there and is gone was deleted.
      if (seen !== null || elapsedMs > pace.appearsWithinMs) throw gone(testRunId, seen !== null);
    } else {
      if (run.status !== seen) {
        seen = run.status;
        onState(run);
        tell({ what: "state", state: run.status, elapsedMs });
      }
      if (ENDED_STATES.has(run.status)) return run;
      if (MEASURED_STATES.has(run.status)) watch.refresh();
      tell({ what: "progress", state: run.status, elapsedMs, figures: watch.latest });
    }
    if (clock.nowMs() >= untilMs) return null;
    await clock.sleep(pace.followPollMs);
  }
};

/**
 * One bad answer is no reason to leave a run that goes on: a proxy's page passes, and so does, for some minutes, a refusal
 * (a role that is still on its way, a token that is being renewed).
 */
const outlasting = ({ clock, pace }: RunContext): ((error: unknown) => boolean) => {
  let refusedSinceMs: number | null = null;
  return (error) => {
    if (isPassing(error) || (error instanceof AzureError && error.code === "AZURE_INVALID")) return true;
    if (!isRefusal(error)) return false;
    refusedSinceMs ??= clock.nowMs();
    return clock.nowMs() - refusedSinceMs < pace.refusedForMs;
  };
};

const isRefusal = (error: unknown): boolean =>
  error instanceof AuthError ||
  (error instanceof AzureError && (error.code === "AZURE_UNAUTHORIZED" || error.code === "AZURE_FORBIDDEN"));

const gone = (testRunId: string, wasThere: boolean): AzureError =>
  new AzureError("AZURE_NOT_FOUND", {
    place: `run ${testRunId}`,
    why: wasThere ? "it was there, and was deleted" : "it was never started, or was deleted",
  });

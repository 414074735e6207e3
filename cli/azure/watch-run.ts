/** Follows a run that was started, to its verdict. `submit` and `status --wait` end with it. */

import { ENDED_STATES, type RemoteRun } from "../../azure/plane/data-plane.ts";
import { follow } from "../../azure/run/follow.ts";
import { type RunPlace, runTimeSecondsOf, writeRunPlace } from "../../azure/run/run-place.ts";
import { stopRun } from "../../azure/run/stop-run.ts";
import { placeWith } from "../../azure/run/submit.ts";
import { EXIT, EXIT_OF_SIGNAL } from "../exit-code.ts";
import { endOfRun } from "./end-of-run.ts";
import type { Interruption } from "./interruption.ts";
import { type RunDesk, runDirOf } from "./run-desk.ts";
import { printReport, type RunJson, runJson } from "./run-report.ts";

/**
 * @param interruption is told how far it is
 * @returns the exit code
 * @throws {AzureError} what ends the following (the run goes on then), and what `endOfRun` throws
 */
export const watchRun = async (desk: RunDesk, place: RunPlace, interruption: Interruption): Promise<number> => {
  const { context, screen } = desk;
  const { testRunId } = place;
  const stop = async (): Promise<boolean> => {
    await stopRun(context, testRunId);
    return true;
  };
  interruption.phase = { is: "running", testRunId, stop };
  let current = place;
  const onState = (run: RemoteRun): void => {
    current = placeWith(current, run);
    interruption.run = runJson(current, run);
    writeRunPlace(runDirOf(desk, place), current);
  };
  let run: RemoteRun | null;
  try {
    run = await follow(context, { testRunId, runTimeSeconds: runTimeSecondsOf(place), onState });
  } catch (error) {
    if (!ENDED_STATES.has(current.state)) screen.say(`the run may still go on: swarmbridge azure status ${testRunId}`);
    throw error;
  }
  const again = `swarmbridge azure status ${testRunId}`;
  interruption.phase = { is: "leaving-is-safe", text: `the run has ended; for its results and verdict: ${again}` };
  if (run === null) return stillRunning(desk, current, interruption.run);
  if (interruption.hasStopped && run.status === "CANCELLED") {
    screen.say(`stopped; what it left: swarmbridge azure download ${testRunId}`);
    return EXIT_OF_SIGNAL.SIGINT;
  }
  return endOfRun(desk, current, run);
};

const stillRunning = (
  { screen, isJson, output }: RunDesk,
  { testRunId, state }: RunPlace,
  run: RunJson | null,
): number => {
  screen.say(`the run is still ${state}, longer than it should take. It is not stopped by this:
  swarmbridge azure status --wait ${testRunId}
  swarmbridge azure stop ${testRunId}`);
  return isJson ? printReport(output, EXIT.notJudged, { run }) : EXIT.notJudged;
};

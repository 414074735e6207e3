/** `swarmbridge azure submit`: from the configuration to the verdict of a run at Azure. */

import { resolve } from "node:path";
import { defineTest } from "../../azure/definition/define-test.ts";
import type { TestDefinition } from "../../azure/definition/test-definition.ts";
import { writeUploadFolder } from "../../azure/definition/write-upload-folder.ts";
import { type RunPlace, readRunPlace } from "../../azure/run/run-place.ts";
import { startRun } from "../../azure/run/start-run.ts";
import { stopRun } from "../../azure/run/stop-run.ts";
import { prepareTest } from "../../azure/run/submit.ts";
import { patchesFor } from "../../azure/run/test-patches.ts";
import { newTestRunId } from "../../azure/run/test-run-id.ts";
import { COMMAND_FOLDER } from "../command-folder.ts";
import { EXIT, EXIT_OF_SIGNAL } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { detached, type Interruption, leavingText } from "./interruption.ts";
import type { AzureFile, Knobs } from "./open-azure.ts";
import { processInterruption } from "./process-interruption.ts";
import { openDesk, type RunDesk, runDirOf, screenOf } from "./run-desk.ts";
import { placeJson, printReport, reportError } from "./run-report.ts";
import { watchRun } from "./watch-run.ts";

export interface SubmitOptions {
  /** Ends when the run is started. */
  readonly detach: boolean;
  readonly json: boolean;
}

const UPLOAD_FOLDER = "build/azure";
/** Beside the folder: what lies in it is uploaded. */
export const NOTE_FILE = "build/azure-uploaded.json";

/**
 * @returns the exit code
 * @throws {ConfigError}, {AzureError}, {AuthError}
 */
export const azureSubmit = async (
  file: AzureFile,
  { detach, json }: SubmitOptions,
  output: Output,
  knobs: Knobs = {},
): Promise<number> => {
  const definition = defineTest(file, { cwd: process.cwd(), env: output.env, commandFolder: COMMAND_FOLDER });
  const screen = screenOf(output, json);
  const { interruption, release } = processInterruption(screen, output, json);
  try {
    for (const warning of definition.warnings) screen.say(`! ${warning}`);
    const desk = await openDesk(file, { output, isJson: json, screen }, knobs);
    const place = await submitted(desk, definition, interruption);
    // The process ends by itself when nobody was asked; who was asked is not told twice.
    if (place === null || (detach && interruption.hasStopped)) return EXIT_OF_SIGNAL.SIGINT;
    if (!detach) return await watchRun(desk, place, interruption);
    if (json) return printReport(output, EXIT.fine, { run: placeJson(place) });
    screen.say(leavingText(detached(place.testRunId)));
    return EXIT.fine;
  } catch (error) {
    return reportError(error, { output, isJson: json, run: interruption.run });
  } finally {
    screen.close();
    release();
  }
};

/** @returns null: the user has stopped it before there was a run */
const submitted = async (
  desk: RunDesk,
  definition: TestDefinition,
  interruption: Interruption,
): Promise<RunPlace | null> => {
  const { context, resource, azure, audience, resultsRoot } = desk;
  const { testId, testPlan, engineInstances } = azure;
  const folder = resolve(UPLOAD_FOLDER);
  writeUploadFolder(definition, folder);
  interruption.phase = { is: "leaving-is-safe", text: `no run was started; the test ${testId} may be half updated` };
  await prepareTest(context, {
    testId,
    resourceId: resource.id,
    patches: patchesFor(definition),
    folder,
    files: definition.files,
    noteFile: resolve(NOTE_FILE),
  });
  const testRunId = newTestRunId(testPlan, context.clock.date());
  const { users, spawnRate, runTimeSeconds } = definition.load;
  const halt = new AbortController();
  const start = startRun(context, {
    resultsRoot,
    displayName: testRunId,
    place: {
      testRunId,
      testId,
      resourceId: resource.id,
      dataPlaneHost: resource.dataPlaneHost,
      audience,
      engines: engineInstances,
      plan: { users, spawnRate, runTime: runTimeSeconds, locustfile: testPlan },
    },
    halt: halt.signal,
  });
  /** As long as there may be a run, there is its place. */
  const placeNow = (): RunPlace | null => readRunPlace(runDirOf(desk, { testRunId }));
  const noteRun = (): void => {
    const place = placeNow();
    interruption.run = place === null ? null : placeJson(place);
  };
  noteRun();
  const stop = async (): Promise<boolean> => {
    halt.abort();
    // Whatever came of it: an attempt that was under way may be a run.
    await start.catch(() => undefined);
    if (placeNow() === null) return false;
    await stopRun(context, testRunId);
    return true;
  };
  interruption.phase = { is: "starting", testRunId, stop };
  try {
    return await start;
  } finally {
    noteRun();
    await interruption.settled();
  }
};

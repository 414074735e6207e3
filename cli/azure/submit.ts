/** `swarmbridge azure submit`: from the configuration to the verdict of a run at Azure. */

import { resolve } from "node:path";
import { defineTest } from "../../azure/definition/define-test.ts";
import type { TestDefinition } from "../../azure/definition/test-definition.ts";
import { writeUploadFolder } from "../../azure/definition/write-upload-folder.ts";
import type { RunPlace } from "../../azure/run/run-place.ts";
import { prepareTest, startRun } from "../../azure/run/submit.ts";
import { patchesFor } from "../../azure/run/test-patches.ts";
import { newTestRunId } from "../../azure/run/test-run-id.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { detachedText, type Interruption } from "./interruption.ts";
import type { AzureFile, Knobs } from "./open-azure.ts";
import { processInterruption } from "./process-interruption.ts";
import { openDesk, type RunDesk, screenOf } from "./run-desk.ts";
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
  const definition = defineTest(file, { cwd: process.cwd(), env: output.env });
  const screen = screenOf(output, json);
  const { interruption, release } = processInterruption(screen, json);
  try {
    for (const warning of definition.warnings) screen.say(`! ${warning}`);
    const desk = await openDesk(file, { output, isJson: json, screen }, knobs);
    const place = await submitted(desk, definition, interruption);
    if (!detach) return await watchRun(desk, place, interruption);
    if (json) output.print(JSON.stringify({ version: 1, exitCode: EXIT.fine, run: detachedJson(place) }));
    else screen.say(detachedText(place.testRunId));
    return EXIT.fine;
  } finally {
    screen.close();
    release();
  }
};

const submitted = async (desk: RunDesk, definition: TestDefinition, interruption: Interruption): Promise<RunPlace> => {
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
  const stop = (): Promise<void> => desk.plane.stopRun(testRunId);
  interruption.phase = { is: "running", testRunId, stop };
  const { users, spawnRate, runTimeSeconds } = definition.load;
  return startRun(context, {
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
  });
};

const detachedJson = ({ testRunId, testId, state, portalUrl }: RunPlace) => ({ testRunId, testId, state, portalUrl });

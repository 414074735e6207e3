/**
 * From a configuration to a started run: the test, its files, their validation, the start. Whoever is killed in between
 * leaves an updated test, or a run that `results/<id>/azure.json` leads back to.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { AzureError } from "../azure-error.ts";
import type { UploadFile } from "../definition/test-definition.ts";
import type { RemoteRun } from "../plane/data-plane.ts";
import { awaitValidation } from "./await-validation.ts";
import { persistently } from "./persistently.ts";
import type { RunContext } from "./run-context.ts";
import { type RunPlace, STARTING, writeRunPlace } from "./run-place.ts";
import { type TestPatches, updateTest } from "./update-test.ts";
import { uploadFiles } from "./upload-files.ts";
import { readUploadedNote, writeUploadedNote } from "./uploaded-note.ts";

export interface Preparation {
  readonly testId: string;
  /** Resource id of the Azure Load Testing resource. */
  readonly resourceId: string;
  readonly patches: TestPatches;
  /** Folder in which all files of the upload lie. */
  readonly folder: string;
  readonly files: readonly Pick<UploadFile, "name" | "kind" | "bytes">[];
  /** Where it is remembered what was uploaded. */
  readonly noteFile: string;
}

/**
 * The test at Azure is what the configuration says, and Azure has taken its files.
 * @throws {AzureError} AZURE_VALIDATION for a file that it refuses
 */
export const prepareTest = async (
  context: RunContext,
  { testId, resourceId, patches, folder, files, noteFile }: Preparation,
): Promise<void> => {
  const { plane, clock, pace } = context;
  const { before, after } = await updateTest(context, testId, patches);
  const note = readUploadedNote(noteFile, { resourceId, testId });
  // Another date than after our last upload: somebody else may have put other files in place.
  const isOurs = before !== null && note?.lastModifiedDateTime === before.lastModifiedDateTime;
  // From here on the note would be wrong about a file that is half sent.
  rmSync(noteFile, { force: true });
  const { hashes } = await uploadFiles(context, { remote: after, folder, files, note: isOurs ? note : null });
  await awaitValidation(context, testId);
  const now = await persistently(context, clock.nowMs() + pace.patienceMs, () => plane.test(testId));
  const lastModifiedDateTime = now?.lastModifiedDateTime ?? null;
  writeUploadedNote(noteFile, { version: 1, resourceId, testId, lastModifiedDateTime, files: hashes });
};

export interface Start {
  readonly place: Omit<RunPlace, "version" | "submittedAt" | "portalUrl" | "state">;
  readonly displayName: string;
  readonly resultsRoot: string;
}

/** @returns what is known of the run from now on; it is also in the folder of its record */
export const startRun = async (
  context: RunContext,
  { place: given, displayName, resultsRoot }: Start,
): Promise<RunPlace> => {
  const { plane, clock, pace, tell } = context;
  const { testRunId, testId } = given;
  const runDir = join(resultsRoot, testRunId);
  const submittedAt = clock.date().toISOString();
  const place: RunPlace = { ...given, version: 1, submittedAt, portalUrl: null, state: STARTING };
  writeRunPlace(runDir, place);
  let isUnknown = false;
  let run: RemoteRun;
  try {
    run = await persistently(context, clock.nowMs() + pace.patienceMs, async () => {
      try {
        return await plane.startRun(testRunId, { testId, displayName });
      } catch (error) {
        isUnknown ||= error instanceof AzureError && error.code === "AZURE_UNREACHABLE";
        throw error;
      }
    });
  } catch (error) {
    // A refusal leaves no run behind. Whether an attempt whose answer was lost did, nobody knows: then the place stays.
    if (isUnknown) tell({ what: "start-unknown", testRunId });
    else rmSync(runDir, { recursive: true, force: true });
    throw error;
  }
  const started = placeWith(place, run);
  writeRunPlace(runDir, started);
  tell({ what: "started", testRunId, portalUrl: run.portalUrl });
  return started;
};

/** The place with what the run says of itself now. */
export const placeWith = (
  place: RunPlace,
  { status, portalUrl }: Pick<RemoteRun, "status" | "portalUrl">,
): RunPlace => ({
  ...place,
  state: status,
  portalUrl: portalUrl ?? place.portalUrl,
});

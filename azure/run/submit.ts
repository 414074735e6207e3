/** From a configuration to a test that can be started: the test, its files, their validation. */

import { rmSync } from "node:fs";
import type { UploadFile } from "../definition/test-definition.ts";
import type { RemoteRun } from "../plane/data-plane.ts";
import { awaitValidation } from "./await-validation.ts";
import { checkUnchanged } from "./check-unchanged.ts";
import type { Downloads } from "./fetch-results.ts";
import type { RunContext } from "./run-context.ts";
import type { RunPlace } from "./run-place.ts";
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
 * @throws {AzureError} AZURE_VALIDATION for a file that it refuses; what `checkUnchanged` throws, as AZURE_CONFLICT when
 * somebody else has changed the test meanwhile
 */
export const prepareTest = async (
  context: RunContext & { readonly downloads: Downloads },
  { testId, resourceId, patches, folder, files, noteFile }: Preparation,
): Promise<void> => {
  const { before, after } = await updateTest(context, testId, patches);
  const note = readUploadedNote(noteFile, { resourceId, testId });
  // Another date than after our last upload: somebody else may have put other files in place.
  const isOurs = before !== null && note?.lastModifiedDateTime === before.lastModifiedDateTime;
  // From here on the note would be wrong about a file that is half sent.
  rmSync(noteFile, { force: true });
  const { hashes, sent } = await uploadFiles(context, { remote: after, folder, files, note: isOurs ? note : null });
  await awaitValidation(context, testId, Object.keys(hashes));
  // Among our own requests there may have been another's, of which no date tells: once something was sent, contents decide.
  const knownAt = isOurs && sent.length === 0 ? before.lastModifiedDateTime : null;
  const scratchFile = `${noteFile}.check`;
  const { lastModifiedDateTime } = await checkUnchanged(context, { testId, knownAt, hashes, scratchFile });
  writeUploadedNote(noteFile, { version: 1, resourceId, testId, lastModifiedDateTime, files: hashes });
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

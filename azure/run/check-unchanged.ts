/**
 * Two checkouts may submit to one test at once; a run would then send what the other one has uploaded. The service has no
 * lock for that, so the test is looked at directly before the start.
 */

import { rmSync } from "node:fs";
import { AzureError } from "../azure-error.ts";
import type { RemoteTest, TestFile } from "../plane/data-plane.ts";
import type { Downloads } from "./fetch-results.ts";
import { persistently } from "./persistently.ts";
import type { RunContext } from "./run-context.ts";
import { sha256OfFile } from "./uploaded-note.ts";

export interface Uploaded {
  readonly testId: string;
  /** Of the test, directly after the upload. */
  readonly modifiedAt: string | null;
  /** SHA-256 by name, of all files. */
  readonly hashes: Readonly<Record<string, string>>;
  /** For a moment, to compare. */
  readonly scratchFile: string;
}

/**
 * @returns the test as it is now
 * @throws {AzureError} AZURE_CONFLICT when its files are not, or not surely, those that were uploaded from here
 */
export const checkUnchanged = async (
  context: RunContext & { readonly downloads: Downloads },
  { testId, modifiedAt, hashes, scratchFile }: Uploaded,
): Promise<RemoteTest> => {
  const { plane, clock, pace, downloads } = context;
  const now = await persistently(context, clock.nowMs() + pace.patienceMs, () => plane.test(testId));
  if (now === null) throw conflict(testId, "somebody else has deleted it");
  const names = now.files.map(({ fileName }) => fileName);
  const other = names.find((name) => !Object.hasOwn(hashes, name)) ?? missing(hashes, names);
  if (other !== undefined) throw conflict(testId, `somebody else has changed ${other}`);
  if (now.lastModifiedDateTime === modifiedAt) return now;
  // The date may be the service's own, from its validation: what the files hold decides.
  for (const file of now.files) {
    if ((await hashThere(file, scratchFile, downloads)) !== hashes[file.fileName]) {
      throw conflict(testId, `somebody else has changed ${file.fileName}`);
    }
  }
  return now;
};

const missing = (hashes: Uploaded["hashes"], names: readonly string[]): string | undefined =>
  Object.keys(hashes).find((name) => !names.includes(name));

/** null: it cannot be had. */
const hashThere = async ({ link }: TestFile, path: string, downloads: Downloads): Promise<string | null> => {
  if (link === undefined) return null;
  try {
    await downloads.file(link, path, () => undefined);
    return await sha256OfFile(path);
  } catch (error) {
    if (error instanceof AzureError) return null;
    throw error;
  } finally {
    rmSync(path, { force: true });
  }
};

const conflict = (testId: string, why: string): AzureError =>
  new AzureError("AZURE_CONFLICT", {
    place: `test ${testId}`,
    why: `${why} since it was uploaded: no run was started`,
  });

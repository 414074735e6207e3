/**
 * Two checkouts may submit to one test at once; a run would then send what the other one has uploaded. The service has no
 * lock for that, and its date of a test does not tell who moved it: so the files are looked at directly before the start.
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
  /** Of the test when its files were known to be ours; null: something was sent since, or they never were. */
  readonly knownAt: string | null;
  /** SHA-256 by name, of all files. */
  readonly hashes: Readonly<Record<string, string>>;
  /** For a moment, to compare. */
  readonly scratchFile: string;
}

type CheckContext = RunContext & { readonly downloads: Downloads };

/** A look takes as long as a download. Who still changes the test after the third one is not the service. */
const MOST_LOOKS = 3;

/**
 * @returns the test as it is now
 * @throws {AzureError} AZURE_CONFLICT when its files are not those that were uploaded from here, or are still being
 * changed; why a file could not be looked at
 */
export const checkUnchanged = async (context: CheckContext, uploaded: Uploaded): Promise<RemoteTest> => {
  const { testId } = uploaded;
  let { knownAt } = uploaded;
  for (let looks = 0; ; looks += 1) {
    const now = await testNow(context, testId);
    const other = otherName(now, uploaded.hashes);
    if (other !== undefined) throw conflict(testId, `somebody else has changed ${other}`);
    if (knownAt !== null && now.lastModifiedDateTime === knownAt) return now;
    if (looks === MOST_LOOKS) throw conflict(testId, "somebody else goes on changing it");
    await compareFiles(context, now, uploaded);
    // A service that tells no date leaves nothing to wait for.
    if (now.lastModifiedDateTime === null) return now;
    knownAt = now.lastModifiedDateTime;
  }
};

const testNow = async (context: CheckContext, testId: string): Promise<RemoteTest> => {
  const { plane, clock, pace } = context;
  const now = await persistently(context, clock.nowMs() + pace.patienceMs, () => plane.test(testId));
  if (now === null) throw conflict(testId, "somebody else has deleted it");
  return now;
};

/** A file that is there and none of ours, or the other way round. */
const otherName = ({ files }: RemoteTest, hashes: Uploaded["hashes"]): string | undefined => {
  const names = files.map(({ fileName }) => fileName);
  return (
    names.find((name) => !Object.hasOwn(hashes, name)) ?? Object.keys(hashes).find((name) => !names.includes(name))
  );
};

/** One after the other: a test has few files, and the scratch file is one. */
const compareFiles = async (context: CheckContext, { files }: RemoteTest, uploaded: Uploaded): Promise<void> => {
  const { testId, hashes } = uploaded;
  for (const file of files) {
    if ((await hashThere(context, file, uploaded)) !== hashes[file.fileName]) {
      throw conflict(testId, `somebody else has changed ${file.fileName}`);
    }
  }
};

/** With a fresh link when the first one does not lead to the file. */
const hashThere = async (context: CheckContext, file: TestFile, uploaded: Uploaded): Promise<string> => {
  const { testId, scratchFile } = uploaded;
  try {
    return await hashAt(context, file, scratchFile);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
  }
  const { files } = await testNow(context, testId);
  const again = files.find(({ fileName }) => fileName === file.fileName);
  if (again === undefined) throw conflict(testId, `somebody else has changed ${file.fileName}`);
  try {
    return await hashAt(context, again, scratchFile);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const why = ["it could not be looked at before the start, no run was started", error.detail.why].filter(
      (text) => text !== undefined,
    );
    const detail = { ...error.detail, place: `${file.fileName} of test ${testId}`, why: why.join(": ") };
    throw new AzureError(error.code, detail, { cause: error });
  }
};

const hashAt = async ({ downloads }: CheckContext, { link }: TestFile, path: string): Promise<string> => {
  if (link === undefined) throw new AzureError("AZURE_INVALID", { why: "Azure gives no link to it" });
  try {
    await downloads.file(link, path, () => undefined);
    return await sha256OfFile(path);
  } finally {
    rmSync(path, { force: true });
  }
};

const conflict = (testId: string, why: string): AzureError =>
  new AzureError("AZURE_CONFLICT", {
    place: `test ${testId}`,
    why: `${why} since it was uploaded: no run was started`,
  });

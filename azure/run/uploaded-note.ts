/**
 * Remembers what was uploaded to which test, so that the same bytes are not sent twice. Azure tells no hash of a file: a
 * file is kept there only when this note, its name, its kind and its validation all agree, and in doubt it is sent again.
 */

import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import type { TestFile } from "../plane/data-plane.ts";

const noteSchema = z.object({
  version: z.literal(1),
  resourceId: z.string(),
  testId: z.string(),
  /** Of the test at Azure after the last upload: another date means that somebody else changed something. */
  lastModifiedDateTime: z.string().nullable(),
  /** SHA-256 by file name. */
  files: z.record(z.string(), z.string()),
});

export type UploadedNote = z.output<typeof noteSchema>;

/** null: nothing is known, everything is uploaded. */
export const readUploadedNote = (
  file: string,
  of: Pick<UploadedNote, "resourceId" | "testId">,
): UploadedNote | null => {
  try {
    const note = noteSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    return note.resourceId === of.resourceId && note.testId === of.testId ? note : null;
  } catch {
    return null; // None, or one that cannot be read: as if nothing had been uploaded.
  }
};

export const writeUploadedNote = (file: string, note: UploadedNote): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(note, null, 2)}\n`);
  renameSync(`${file}.new`, file);
};

/** Whether Azure's file is surely the one with these bytes. */
export const isKnownThere = (
  { name, kind, sha256 }: { readonly name: string; readonly kind: string; readonly sha256: string },
  remote: TestFile | undefined,
  note: UploadedNote | null,
): boolean =>
  remote !== undefined &&
  remote.fileType === kind &&
  SOUND.has(remote.validationStatus) &&
  note !== null &&
  Object.hasOwn(note.files, name) &&
  note.files[name] === sha256;

/** A file that failed its validation is sent again: then the message is of this submission. */
const SOUND: ReadonlySet<string> = new Set(["VALIDATION_SUCCESS", "NOT_VALIDATED", "VALIDATION_NOT_REQUIRED"]);

export const sha256OfFile = async (path: string): Promise<string> => {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
};

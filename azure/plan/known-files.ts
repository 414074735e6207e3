/** Which of our files Azure surely has already, by the note of the last upload from here. */

import { createHash } from "node:crypto";
import type { UploadFile } from "../definition/test-definition.ts";
import { isKnownThere, sha256OfFile, type UploadedNote } from "../run/uploaded-note.ts";
import type { IsKnown } from "./azure-view.ts";

/** @param note null: nothing is known, every file would be sent */
export const knownFiles = async (files: readonly UploadFile[], note: UploadedNote | null): Promise<IsKnown> => {
  if (note === null) return () => false;
  const hashes = new Map(await Promise.all(files.map(async (file) => [file.name, await sha256Of(file)] as const)));
  return ({ name, kind }, remote, test) => {
    const sha256 = hashes.get(name);
    // Another date than after our last upload: somebody else may have put other files in place.
    if (sha256 === undefined || note.lastModifiedDateTime !== test.lastModifiedDateTime) return false;
    return isKnownThere({ name, kind, sha256 }, remote, note);
  };
};

const sha256Of = async ({ from }: UploadFile): Promise<string> =>
  "path" in from ? sha256OfFile(from.path) : createHash("sha256").update(from.text).digest("hex");

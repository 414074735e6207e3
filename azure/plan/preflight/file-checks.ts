/** What would be uploaded. Names, sizes and the built bridge were checked with the configuration; zips are looked into. */

import type { TestDefinition, UploadFile } from "../../definition/test-definition.ts";
import { type Check, missing, ok } from "./check.ts";
import { zipContents } from "./zip-contents.ts";

/** @see Azure Load Testing, service limits and quotas */
const MOST_FILES = 1000;
const LARGEST_BYTES = 1024 ** 3;

export const fileChecks = async ({ files }: Pick<TestDefinition, "files">): Promise<Check[]> => {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const all = ok({ id: "files", subject: "files" }, `${files.length}, ${mebibytes(bytes)} in all`);
  const zips = files.filter(({ kind }) => kind === "ZIPPED_ARTIFACTS");
  return [all, ...(await Promise.all(zips.map(zipCheck)))];
};

const zipCheck = async ({ name, from }: UploadFile): Promise<Check> => {
  const about = { id: "zips", subject: name } as const;
  const contents = "path" in from ? await zipContents(from.path) : null;
  if (contents === null) return missing(about, "cannot be read as a zip file", "make it anew");
  const seen = `${contents.files} files, ${mebibytes(contents.bytes)} unpacked`;
  if (contents.files > MOST_FILES) {
    return missing(about, seen, `Azure takes at most ${MOST_FILES} files in a zip: make two`);
  }
  if (contents.bytes > LARGEST_BYTES) return missing(about, seen, "Azure takes at most 1 GiB unpacked: make two");
  return ok(about, seen);
};

const mebibytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

/** Which files a submission would send and remove. Azure tells no hash of a file: what is not known to be the same is sent. */

import type { UploadFile } from "../definition/test-definition.ts";
import type { TestFile } from "../plane/data-plane.ts";
import { added, changed, type Difference, removed } from "./difference.ts";

/** @param isKnown whether Azure's file is surely the one with our bytes */
export const fileDifferences = (
  ours: readonly UploadFile[],
  there: readonly TestFile[],
  isKnown: (file: UploadFile, remote: TestFile) => boolean,
): Difference[] => {
  const remote = new Map(there.map((file) => [file.fileName, file]));
  const names = new Set(ours.map(({ name }) => name));
  return [
    ...ours.flatMap((file) => {
      const old = remote.get(file.name);
      if (old === undefined) return [added(`file ${file.name}`)];
      return isKnown(file, old) ? [] : [changed(`file ${file.name}`)];
    }),
    ...there.filter(({ fileName }) => !names.has(fileName)).map(({ fileName }) => removed(`file ${fileName}`)),
  ];
};

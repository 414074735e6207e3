/** What a folder weighs and when it was last written, down to its last file. Symbolic links are not followed. */
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

export interface FolderFacts {
  readonly bytes: number;
  /** Since the epoch. */
  readonly touchedMs: number;
}

/** What goes away meanwhile counts for nothing. */
export const folderFacts = (folder: string): FolderFacts => {
  const own = lstatSync(folder, { throwIfNoEntry: false });
  if (own === undefined) return { bytes: 0, touchedMs: 0 };
  const inside = own.isDirectory() ? readdirSync(folder).map((name) => folderFacts(join(folder, name))) : [];
  return {
    bytes: inside.reduce((sum, { bytes }) => sum + bytes, own.isFile() ? own.size : 0),
    touchedMs: Math.max(own.mtimeMs, ...inside.map(({ touchedMs }) => touchedMs)),
  };
};

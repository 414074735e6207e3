/** What a folder weighs and when it was last written, down to its last file. Symbolic links are not followed. */
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

export interface FolderFacts {
  readonly bytes: number;
  /** Since the epoch. */
  readonly touchedMs: number;
}

/** What goes away meanwhile counts for nothing, and so does the inside of a folder that may not be read. */
export const folderFacts = (folder: string): FolderFacts => {
  const own = lstatSync(folder, { throwIfNoEntry: false });
  if (own === undefined) return { bytes: 0, touchedMs: 0 };
  const inside = own.isDirectory() ? namesIn(folder).map((name) => folderFacts(join(folder, name))) : [];
  return {
    bytes: inside.reduce((sum, { bytes }) => sum + bytes, own.isFile() ? own.size : 0),
    touchedMs: Math.max(own.mtimeMs, ...inside.map(({ touchedMs }) => touchedMs)),
  };
};

const SKIPPED: ReadonlySet<string> = new Set(["ENOENT", "EACCES", "EPERM"]);

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (SKIPPED.has((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
};

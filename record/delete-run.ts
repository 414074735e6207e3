/**
 * Deletes the folder of a run: all of it leaves the list at once, by one rename, so that a deletion that fails halfway leaves no
 * half run that passes for one.
 */
import { randomBytes } from "node:crypto";
import { readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

const LEFTOVER = /^\.swarmbridge-pruned-[0-9a-f]{8}$/;

/** @param name of a folder of the results */
export const isLeftover = (name: string): boolean => LEFTOVER.test(name);

/**
 * What is left of it when this throws has a name of `isLeftover`, or nothing was touched.
 * @throws what the system throws
 */
export const deleteRun = (dir: string): void => {
  const gone = join(dirname(dir), `.swarmbridge-pruned-${randomBytes(4).toString("hex")}`);
  renameSync(dir, gone);
  rmSync(gone, { recursive: true, force: true });
};

/** Folders that an earlier deletion could not finish; absolute or not as `results` is. */
export const leftoversIn = (results: string): string[] => {
  try {
    return readdirSync(results, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && isLeftover(entry.name))
      .map(({ name }) => join(results, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
};

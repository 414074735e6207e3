/** Which `loadtest.yaml` counts. */

import { statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { ConfigError } from "./config-error.ts";

export interface Place {
  /** Folder that the command was started in. */
  readonly cwd: string;
  /** Folder of the locustfile. */
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
}

export const FILE_NAME = "loadtest.yaml";

/** A locustfile rarely lies deeper in its project; looking further would find strangers' files. */
const MOST_PARENTS = 3;

/**
 * `SWARMBRIDGE_CONFIG`, else `loadtest.yaml` in the working folder, else beside the locustfile or up to three folders above.
 * @returns an absolute path, or null when there is none
 * @throws {ConfigError} CONFIG_MISSING when SWARMBRIDGE_CONFIG names a file that is not there
 */
export const findFile = ({ cwd, project, env }: Place): string | null => {
  const chosen = env.SWARMBRIDGE_CONFIG;
  if (chosen !== undefined && chosen !== "") {
    const path = resolve(cwd, chosen);
    if (isFile(path)) return path;
    throw new ConfigError("CONFIG_MISSING", [
      `SWARMBRIDGE_CONFIG names ${shownPath(path, cwd)}, which is not a file: correct or unset it`,
    ]);
  }
  return (
    [resolve(cwd), ...withParents(resolve(cwd, project))].map((folder) => join(folder, FILE_NAME)).find(isFile) ?? null
  );
};

/** A path as a person in the working folder would write it. */
export const shownPath = (path: string, cwd: string): string => {
  const short = relative(cwd, path);
  return short.startsWith("..") || isAbsolute(short) ? path : short.replaceAll("\\", "/");
};

const withParents = (folder: string): string[] => {
  const folders = [folder];
  for (let above = folder; folders.length <= MOST_PARENTS; ) {
    above = dirname(above);
    folders.push(above);
  }
  return folders;
};

/** A path that cannot be looked at (no permission, a name that is too long) is no file for us either. */
export const isFile = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
};

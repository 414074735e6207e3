import { resolve } from "node:path";
import { authSchema } from "../auth/auth-schema.ts";
import { isFile } from "../config/find-file.ts";
import { loadSettings } from "../config/load-settings.ts";
import type { Settings } from "../config/settings.ts";
import { CommandError } from "./command-error.ts";

/**
 * The settings of the working folder, as a run started here would have them.
 * @param file named with `-c` instead of `loadtest.yaml`, as with SWARMBRIDGE_CONFIG
 * @throws {CommandError} when it is not there
 * @throws {ConfigError} what `loadSettings` throws
 */
export const loadFor = (file: string | undefined): Settings => {
  const cwd = process.cwd();
  if (file !== undefined && !isFile(resolve(cwd, file))) {
    throw new CommandError(`-c names ${file}, which is not a file: correct it`);
  }
  const env = file === undefined ? process.env : { ...process.env, SWARMBRIDGE_CONFIG: file };
  return loadSettings({ cwd, project: cwd, env }, authSchema);
};

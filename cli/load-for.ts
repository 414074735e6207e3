import { resolve } from "node:path";
import type { AzureSettings } from "../azure/azure-schema.ts";
import { RUN_PARTS } from "../bridge/run-parts.ts";
import { onlyServers } from "../config/file-parts.ts";
import { isFile, type Place } from "../config/find-file.ts";
import { loadFile, loadSettings } from "../config/load-settings.ts";
import type { LoadedFile, Settings } from "../config/settings.ts";
import type { FailureCriteria } from "../gate/criterion.ts";
import { failureCriteriaSchema } from "../gate/failure-criteria-schema.ts";
import { CommandError } from "./command-error.ts";
import { FILE_PARTS } from "./file-parts.ts";

/**
 * The settings of the working folder, as a run started here would have them.
 * @param file named with `-c` instead of `loadtest.yaml`, as with SWARMBRIDGE_CONFIG
 * @throws {CommandError} when it is not there
 * @throws {ConfigError} what `loadSettings` throws
 */
export const loadFor = (file: string | undefined): Settings => loadSettings(placeFor(file), RUN_PARTS);

/** The whole file, with the parts that a run does not read. Throws as `loadFor`. */
export const loadWholeFor = (file: string | undefined): LoadedFile<FailureCriteria, AzureSettings | undefined> =>
  loadFile(placeFor(file), FILE_PARTS);

/** What the gate needs of the file: what Azure would need may be unset. Throws as `loadFor`. */
export const loadCriteriaFor = (file: string | undefined): FailureCriteria =>
  loadFile(placeFor(file), { ...onlyServers(RUN_PARTS), failureCriteria: failureCriteriaSchema }).failureCriteria;

const placeFor = (file: string | undefined): Place => {
  const cwd = process.cwd();
  if (file !== undefined && !isFile(resolve(cwd, file))) {
    throw new CommandError(`-c names ${file}, which is not a file: correct it`);
  }
  const env = file === undefined ? process.env : { ...process.env, SWARMBRIDGE_CONFIG: file };
  return { cwd, project: cwd, env };
};

import type { RunRecord } from "../record/read-run.ts";
import { printable } from "../record/text-table.ts";
import { CommandError } from "./command-error.ts";
import { recordOf, resultsFolder, runFolder } from "./run-folder.ts";

/**
 * @param runs folders or ids; none: the newest
 * @throws {CommandError} for one that is none, or is named twice: it would count as two observations
 * @throws {RecordError} what `recordOf` throws
 */
export const recordsOf = (runs: readonly string[], env: NodeJS.ProcessEnv): RunRecord[] => {
  const results = resultsFolder(env);
  const folders = (runs.length === 0 ? [undefined] : runs).map((run) => runFolder(run, results));
  const twice = folders.find((folder, index) => folders.indexOf(folder) !== index);
  if (twice !== undefined) throw new CommandError(`${twice} is named twice: name each run once`);
  const records = folders.map(recordOf);
  const ids = records.map(({ file }) => file.id);
  // By another path, or as a copy.
  const again = ids.find((id, index) => ids.indexOf(id) !== index);
  if (again !== undefined) throw new CommandError(`${printable(again)} is named twice: name each run once`);
  return records;
};

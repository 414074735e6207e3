/** `swarmbridge baseline check`: holds run records against the file that `baseline save` has written, by budgets. */
import { readFileSync, statSync } from "node:fs";
import { isFile } from "../../config/find-file.ts";
import { BASELINE_FILE, parseBaseline, type StoredBaseline } from "../../gate/compare/baseline-file.ts";
import { compareSides } from "../../gate/compare/comparison.ts";
import { measureRun } from "../../gate/compare/measure-run.ts";
import { printable } from "../../record/text-table.ts";
import { pictureOf } from "../../report/compare/compared-picture.ts";
import { CommandError } from "../command-error.ts";
import { budgetsOf, refuseRunAsJson, type Written, writeCompared } from "../compared.ts";
import type { Output } from "../output.ts";
import { recordsOf } from "../records-of.ts";

export interface CheckOptions extends Written {
  /** Folders or ids; empty: the newest. Several are one side together. */
  readonly runs: readonly string[];
  readonly baseline?: string;
  readonly budget: readonly string[];
}

/** A thousand names of ten runs take 5 MB. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * @returns the exit code
 * @throws {CommandError} for a run, budget or file that is none
 * @throws {RecordError} what `recordOf` throws
 */
export const baselineCheck = (options: CheckOptions, output: Output): number => {
  refuseRunAsJson(options, output.env);
  const budgets = budgetsOf(options.budget);
  const { runs: before, savedAt } = storedAt(options.baseline ?? BASELINE_FILE);
  const records = recordsOf(options.runs, output.env);
  const own = records.find(({ file }) => before.some(({ id }) => id === file.id));
  if (own !== undefined) {
    throw new CommandError(`${printable(own.file.id)} is in the baseline itself: name a run that came after it`);
  }
  const compared = compareSides(before, records.map(measureRun), budgets);
  const comparison = { ...compared, notes: [...compared.notes, `the baseline was saved at ${savedAt}`] };
  const pictures = options.html === undefined ? [] : records.map(pictureOf);
  return writeCompared([comparison], pictures, options, output);
};

const storedAt = (file: string): StoredBaseline => {
  if (!isFile(file)) {
    throw new CommandError(`there is no baseline ${file}: make one of a good run with swarmbridge baseline save`);
  }
  const stored = statSync(file).size > MOST_BYTES ? null : parseBaseline(readFileSync(file, "utf8"));
  if (stored !== null) return stored;
  throw new CommandError(`${file} is no baseline of this version: make it anew with swarmbridge baseline save`);
};

/** `swarmbridge baseline save`: keeps the figures of run records in a file for the repository. */
import { alike } from "../../gate/compare/alike.ts";
import { BASELINE_FILE, baselineJson } from "../../gate/compare/baseline-file.ts";
import { measureRun } from "../../gate/compare/measure-run.ts";
import { printable } from "../../record/text-table.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { recordsOf } from "../records-of.ts";
import { writeNamedFile } from "../written-file.ts";

export interface SaveOptions {
  /** Folders or ids; empty: the newest. */
  readonly runs: readonly string[];
  readonly baseline?: string;
}

/**
 * @returns the exit code
 * @throws {CommandError} for a run or file that is none, and for a run that nothing may be held against
 * @throws {RecordError} what `recordOf` throws
 */
export const baselineSave = ({ runs, baseline }: SaveOptions, { print, env, redactor }: Output): number => {
  const figures = recordsOf(runs, env).map(measureRun);
  for (const { id, faults, all } of figures) {
    const fault = all.count === 0 ? "it has no operation" : faults[0];
    if (fault !== undefined) throw new CommandError(`${printable(id)} is no baseline: ${fault}. Run it again`);
  }
  const [unlike] = figures.length < 2 ? [] : alike(figures.slice(0, 1), figures.slice(1)).invalid;
  if (unlike !== undefined) throw new CommandError(`these runs are no baseline together: ${printable(unlike)}`);
  const file = baseline ?? BASELINE_FILE;
  writeNamedFile("--baseline", file, redactor.cleanJson(baselineJson(figures, new Date().toISOString())));
  print(redactor.clean(printable(`${file}: ${figures.map(({ id }) => id).join(", ")}`)));
  return EXIT.fine;
};

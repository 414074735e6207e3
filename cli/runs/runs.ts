/** `swarmbridge runs`: the runs of the results folder as a table or as JSON, or one figure of one name over them. */
import { judge } from "../../gate/judge.ts";
import type { VerdictResult } from "../../gate/verdict.ts";
import { readRun } from "../../record/read-run.ts";
import { RecordError } from "../../record/record-error.ts";
import type { RunFile } from "../../record/run-file.ts";
import { type ListedRun, listRuns } from "../../record/run-list.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-code.ts";
import { criteriaOf } from "../gate.ts";
import type { Output } from "../output.ts";
import { resultsFolder } from "../run-folder.ts";
import { leftAloneText } from "./left-alone.ts";
import { runRow, unreadRow } from "./run-row.ts";
import { runTable } from "./run-table.ts";
import { trend } from "./trend.ts";

export interface RunsOptions {
  readonly all: boolean;
  readonly gate: boolean;
  readonly config: string | undefined;
  /** A name of the statistics, or `all`. */
  readonly trend: string | undefined;
  /** Title of a quantity. */
  readonly value: string | undefined;
  readonly json: boolean;
}

const SHOWN = 20;
/** Names stand beside figures: elsewhere than on a terminal there is room for them. */
const WIDE = 140;

/**
 * @returns the exit code
 * @throws {CommandError} for options that do not go together, and a trend of what no run has
 * @throws {ConfigError} with `gate`: what `loadFile` throws
 */
export const runs = (options: RunsOptions, output: Output): number => {
  const { print, style, env, redactor } = output;
  if (options.trend !== undefined) return trend(options.trend, options, output);
  if (options.value !== undefined) throw new CommandError("--value goes with --trend: which name is it of?");
  const results = resultsFolder(env);
  const list = listRuns(results);
  const criteria = options.gate ? criteriaOf({ profile: undefined, config: options.config }) : null;
  const shown = options.all ? list.runs : list.runs.slice(-SHOWN);
  const rows = shown.map((run) => {
    const file = readable(run);
    if (file === null) return unreadRow(run);
    const gate: VerdictResult | null = criteria === null ? null : judge(readRun(run.dir), criteria).result;
    return runRow(run, file, gate);
  });
  if (options.json) {
    const { broken, others } = list;
    print(redactor.cleanJson(`${JSON.stringify({ version: 1, results, runs: rows, broken, others }, null, 1)}`));
    return EXIT.fine;
  }
  const notes = [
    ...(list.runs.length === 0 ? [`no run record in ${results} yet: start a run (locust -f multi.py)`] : []),
    ...(shown.length < list.runs.length ? [`${list.runs.length - shown.length} older runs: --all shows them`] : []),
    ...[leftAloneText(list)].flatMap((text) => text ?? []),
  ];
  const page = { columns: process.stdout.columns || WIDE, color: style.bold("") !== "" };
  print(redactor.clean(runTable(rows, notes, page).join("\n")));
  return EXIT.fine;
};

/** @returns null for parts that nobody has merged, and for a head with more faults than the list looks for */
const readable = ({ dir, head }: ListedRun): RunFile | null => {
  if (head === null) return null;
  try {
    return readRun(dir).file;
  } catch (error) {
    if (error instanceof RecordError) return null;
    throw error;
  }
};

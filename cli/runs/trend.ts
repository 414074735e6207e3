/** `swarmbridge runs --trend`: one figure over the runs of one load, as a column of bars, and where the latest lies. */

import { nearest } from "../../config/nearest.ts";
import { valueText } from "../../gate/compare/compare-words.ts";
import { QUANTITIES, type Quantity, RULES } from "../../gate/compare/quantity.ts";
import { type History, historyOf, OVERALL_QUANTITIES } from "../../gate/history/history.ts";
import { historyTitle, isWorse, latestText } from "../../gate/history/history-words.ts";
import { loadKey } from "../../gate/history/same-load.ts";
import { type PageOptions, pageOf } from "../../record/page.ts";
import { readRun } from "../../record/read-run.ts";
import { RecordError } from "../../record/record-error.ts";
import type { RunFile } from "../../record/run-file.ts";
import { listRuns, type RunHead } from "../../record/run-list.ts";
import { printable, shortened, wrapped } from "../../record/text-table.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { resultsFolder } from "../run-folder.ts";
import type { RunsOptions } from "./runs.ts";

const ALL = "all";
const SHOWN = 40;
const BAR = 40;
const ID_WIDTH = 30;
/** Elsewhere than on a terminal. */
const WIDE = 140;

/** @throws {CommandError} for a name that no run has, and for times of all operations */
export const trend = (wanted: string, { value, all, json }: RunsOptions, output: Output): number => {
  const name = wanted === ALL ? null : wanted;
  const quantity = quantityOf(value, name);
  const { results, files } = rowOf(name, output.env, all);
  const history = historyOf(files, name, quantity);
  if (json) {
    const told = { version: 1, results, ...history };
    output.print(output.redactor.cleanJson(JSON.stringify(told, null, 1)));
    return EXIT.fine;
  }
  const { style } = output;
  const page = { columns: process.stdout.columns || WIDE, color: style.bold("") !== "" };
  output.print(output.redactor.clean(trendLines(history, page).join("\n")));
  return EXIT.fine;
};

const quantityOf = (title: string | undefined, name: string | null): Quantity => {
  const quantity = QUANTITIES.find((each) => RULES[each].title === title) ?? (name === null ? "throughput" : "p95Ms");
  if (name !== null || OVERALL_QUANTITIES.some((each) => each === quantity)) return quantity;
  throw new CommandError(
    `--trend all has no ${title}: times of different calls have no common percentile. Name one call, or take --value throughput or errors`,
  );
};

/** The newest runs with the load of the newest that has the name, the oldest first. */
const rowOf = (name: string | null, env: NodeJS.ProcessEnv, all: boolean): { results: string; files: RunFile[] } => {
  const results = resultsFolder(env);
  const listed = listRuns(results).runs.flatMap(({ dir, head }) => (head === null ? [] : { dir, head }));
  const having = listed.filter(({ head }) => name === null || Object.hasOwn(head.operations, name));
  const newest = having.at(-1);
  if (newest === undefined) throw nothingOf(name, results, listed.at(-1)?.head);
  const key = loadKey(newest.head);
  const row = having.filter(({ head }) => loadKey(head) === key);
  const shown = all ? row : row.slice(-SHOWN);
  return { results, files: shown.flatMap(({ dir }) => readable(dir)) };
};

const nothingOf = (name: string | null, results: string, newest: RunHead | undefined): CommandError => {
  if (name === null || newest === undefined) return new CommandError(`there is no run record in ${results} yet`);
  const meant = nearest(name, Object.keys(newest.operations));
  const hint =
    meant === null
      ? "take a name of the summary's table, such as learn:tools/call:search"
      : `did you mean ${printable(meant)}?`;
  return new CommandError(`no run in ${results} has ${printable(name)}: ${hint}`);
};

const readable = (dir: string): RunFile[] => {
  try {
    return [readRun(dir).file];
  } catch (error) {
    if (error instanceof RecordError) return []; // Its head has more faults than the list looks for.
    throw error;
  }
};

const trendLines = (history: History, options: PageOptions): string[] => {
  const { columns, paint } = pageOf(options);
  const { points, quantity } = history;
  const largest = Math.max(0, ...points.map(({ value }) => value ?? 0));
  const texts = points.map(({ value }) => (value === null ? "-" : valueText(quantity, value)));
  const width = Math.max(0, ...texts.map((text) => text.length));
  const idWidth = Math.min(ID_WIDTH, Math.max(0, ...points.map(({ id }) => printable(id).length)));
  const lines = points.map(({ id, value, leftOut }, index) => {
    const bar = "#".repeat(value === null || largest === 0 ? 0 : Math.round((BAR * value) / largest));
    const line = `${shortened(printable(id), idWidth).padEnd(idWidth)}  ${(texts[index] ?? "").padStart(width)}  ${bar}`;
    return leftOut === null ? line.trimEnd() : paint("dim", `${line} (${leftOut}: does not count)`);
  });
  const told = wrapped(`${printable(latestText(history))}.`, columns);
  return [
    paint(
      "bold",
      `${printable(historyTitle(history))}: ${points.length} ${points.length === 1 ? "run" : "runs"} with the same load`,
    ),
    ...lines,
    ...told.map((line) => (isWorse(history) ? paint("yellow", line) : line)),
  ];
};

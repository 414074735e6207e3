/** What `compare` and `baseline check` share: budgets as they were typed, and a comparison written where it was asked for. */
import { join } from "node:path";
import { type Budgets, DEFAULT_BUDGETS, withTypedBudget } from "../gate/compare/budget.ts";
import { compareJunit } from "../gate/compare/compare-junit.ts";
import { compareLines } from "../gate/compare/compare-text.ts";
import type { Comparison } from "../gate/compare/comparison.ts";
import { printable } from "../record/text-table.ts";
import { compareDocument } from "../report/compare/compare-document.ts";
import type { ComparedPicture } from "../report/compare/compared-picture.ts";
import { readPageFiles } from "../report/html/page-files.ts";
import { renderHtml } from "../report/html/render-html.ts";
import { documentMarkdown } from "../report/markdown.ts";
import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-code.ts";
import type { Output } from "./output.ts";
import { isRun, resultsFolder } from "./run-folder.ts";
import { refuseNamedTwice, writeNamedFile, writeNamedMarkdown } from "./written-file.ts";

/** Files, as they were named. */
export interface Written {
  readonly html: string | undefined;
  readonly markdown: string | undefined;
  readonly junit: string | undefined;
  /** true: to standard output, in the place of the table. */
  readonly json: string | boolean;
}

/** @throws {CommandError} for what is no budget */
export const budgetsOf = (typed: readonly string[]): Budgets =>
  typed.reduce<Budgets>((budgets, text) => {
    const more = withTypedBudget(budgets, text);
    if (more !== null) return more;
    throw new CommandError(
      `--budget "${text}" is none: write p50=10%, p95=15%, p99=20%, mean=10%, throughput=10% or errors=0.5 (points), or =none`,
    );
  }, DEFAULT_BUDGETS);

/**
 * `--json` may have a file or not, so that it takes the name behind it.
 * @throws {CommandError} where that is a run
 */
export const refuseRunAsJson = ({ json }: Pick<Written, "json">, env: NodeJS.ProcessEnv): void => {
  if (typeof json === "string" && [json, join(resultsFolder(env), json)].some(isRun))
    throw new CommandError(`--json took the run ${printable(json)} for its file: name the runs before the options`);
};

/** Names stand beside pairs of figures: elsewhere than on a terminal there is room for them. */
const WIDE = 140;

/**
 * @param pictures of the runs whose records are here
 * @returns the exit code: of several comparisons that of a broken budget, else that of one that cannot be judged
 */
export const writeCompared = (
  comparisons: readonly Comparison[],
  pictures: readonly ComparedPicture[],
  files: Written,
  { print, style, env, redactor }: Output,
): number => {
  const exitCode = exitCodeOf(comparisons);
  const { html, markdown, junit, json } = files;
  const [first] = comparisons;
  // Before the first file is written.
  if (junit !== undefined && comparisons.length !== 1)
    throw new CommandError("--junit takes one comparison: name two runs");
  refuseNamedTwice({ "--html": html, "--markdown": markdown, "--junit": junit, "--json": json });
  if (html !== undefined || markdown !== undefined) {
    const document = redactor.cleanValue(compareDocument(comparisons, pictures));
    if (html !== undefined) writeNamedFile("--html", html, renderHtml(document, readPageFiles()));
    if (markdown !== undefined) writeNamedMarkdown(markdown, documentMarkdown(document), env);
  }
  if (junit !== undefined && first !== undefined) writeNamedFile("--junit", junit, redactor.clean(compareJunit(first)));
  const told = (): string => redactor.cleanJson(`${JSON.stringify({ version: 1, exitCode, comparisons }, null, 1)}\n`);
  if (typeof json === "string") writeNamedFile("--json", json, told());
  if (json === true) print(told().trimEnd());
  else {
    const page = { columns: process.stdout.columns || WIDE, color: style.bold("") !== "" };
    print(redactor.clean(comparisons.map((each) => compareLines(each, page).join("\n")).join("\n\n")));
  }
  return exitCode;
};

const exitCodeOf = (comparisons: readonly Comparison[]): number => {
  if (comparisons.some(({ result }) => result === "BROKEN")) return EXIT.failed;
  return comparisons.some(({ result }) => result === "INVALID") ? EXIT.notJudged : EXIT.fine;
};

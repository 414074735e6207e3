/** `swarmbridge export`: one run in a format that another program reads, to standard output or into a file. */

import { nearest } from "../config/nearest.ts";
import { judge } from "../gate/judge.ts";
import { KINDS, type Kind } from "../record/latency-log.ts";
import type { RunRecord } from "../record/read-run.ts";
import { OUTCOMES, type Outcome } from "../record/reason.ts";
import { printable } from "../record/text-table.ts";
import type { ExportedRun, SeriesFilter } from "../report/format/exported-run.ts";
import { FORMATS, type Format, type FormatName } from "../report/format/formats.ts";
import { escapedJson } from "../report/format/json-text.ts";
import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-code.ts";
import { criteriaOf } from "./gate.ts";
import type { Output } from "./output.ts";
import { recordOf, resultsFolder, runFolder } from "./run-folder.ts";
import { writeNamedFile } from "./written-file.ts";

export interface ExportOptions {
  /** Folder or id; undefined: the newest. */
  readonly run: string | undefined;
  readonly config: string | undefined;
  readonly format: FormatName;
  /** undefined or `-`: standard output. */
  readonly output: string | undefined;
  /** Of `hlog` alone, as typed. */
  readonly names: readonly string[];
  readonly outcomes: readonly string[];
  readonly kinds: readonly string[];
}

/** Written at once. */
const PIECE_CHARACTERS = 256 * 1024;

/**
 * @returns the exit code, which says nothing of the verdict: that is the gate's
 * @throws {CommandError} for a run, filter or file that is none
 * @throws {ConfigError} what `loadFile` throws
 * @throws {RecordError} what `recordOf` throws
 */
export const exportRun = (options: ExportOptions, { print, env, redactor }: Output): number => {
  const { run, config, format, output } = options;
  const filter = filterOf(options);
  const record = recordOf(runFolder(run, resultsFolder(env)));
  refuseUnknownNames(filter.names, record);
  const exported: ExportedRun = { record, verdict: judge(record, criteriaOf({ profile: undefined, config })) };
  const write: Format = FORMATS[format];
  const clean = format.startsWith("json") ? cleanLines(redactor) : (text: string) => redactor.clean(text);
  const texts = inPieces(write(exported, filter));
  if (output === undefined || output === "-") {
    // `print` ends the line itself.
    for (const text of texts) print(clean(text).replace(/\n$/, ""));
    return EXIT.fine;
  }
  writeNamedFile("-o", output, cleaned(texts, clean));
  return EXIT.fine;
};

/** Only texts in JSON are cleaned, never its keys: one object, or one a line. */
const cleanLines =
  (redactor: Output["redactor"]) =>
  (text: string): string =>
    // What is cleaned is written anew, and without the escapes that it had.
    escapedJson(
      /^\{\n/.test(text) ? redactor.cleanJson(text) : text.replaceAll(/^.+$/gm, (line) => redactor.cleanJson(line)),
    );

function* cleaned(texts: Iterable<string>, clean: (text: string) => string): Generator<string> {
  for (const text of texts) yield clean(text);
}

function* inPieces(texts: Iterable<string>): Generator<string> {
  let piece = "";
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

const filterOf = ({ format, names, outcomes, kinds }: ExportOptions): SeriesFilter => {
  if (format !== "hlog" && names.length + outcomes.length + kinds.length > 0) {
    throw new CommandError(`--name, --outcome and --kind choose from --format hlog; ${format} has everything`);
  }
  return {
    names,
    outcomes: outcomes.map((text) => known<Outcome>("--outcome", text, OUTCOMES)),
    kinds: kinds.map((text) => known<Kind>("--kind", text, KINDS)),
  };
};

/** An empty log would read as a name without a single call. */
const refuseUnknownNames = (names: readonly string[], { file: { operations, turns, auth } }: RunRecord): void => {
  const there = [operations, turns, auth].flatMap((section) => Object.keys(section));
  const unknown = names.find((name) => !there.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, there);
  const hint = meant === null ? "--format csv lists the names" : `did you mean ${printable(meant)}?`;
  throw new CommandError(`--name ${printable(unknown)}: the run has no operation of that name: ${hint}`);
};

const known = <T extends string>(option: string, text: string, all: readonly T[]): T => {
  const found = all.find((one) => one === text);
  if (found !== undefined) return found;
  throw new CommandError(`${option} ${text} is not known: one of ${all.join(", ")}`);
};

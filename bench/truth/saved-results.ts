/** Results of the comparison on disk, and the table in the docs, which is made from the latest of them and never by hand. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BenchError } from "../bench-error.ts";
import type { Machine } from "../machine.ts";
import { ROOT } from "../requirements.ts";
import type { TruthMeasurement } from "./measure.ts";
import type { Options } from "./options.ts";
import type { TruthServer } from "./truth-server.ts";

export interface SavedResults {
  readonly version: 1;
  readonly startedAt: string;
  readonly commit: string | null;
  readonly machine: Machine;
  readonly options: Pick<Options, "runs" | "windowMs" | "isFull">;
  readonly stamps: TruthServer["stamps"];
  readonly measurements: readonly TruthMeasurement[];
}

const FOLDER = join(ROOT, "bench-results");
const PREFIX = "truth-";

/** @returns the file's path */
export const save = (results: SavedResults): string => {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${PREFIX}${results.startedAt.slice(0, 19).replaceAll(":", "-")}.json`);
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
};

/** @throws {BenchError} OPTION_WRONG when nothing was measured yet */
export const latestResults = (): SavedResults => {
  mkdirSync(FOLDER, { recursive: true });
  const name = readdirSync(FOLDER)
    .filter((one) => one.startsWith(PREFIX))
    .sort()
    .at(-1);
  if (name === undefined) throw new BenchError("OPTION_WRONG", "there are no results yet: type `npm run bench:truth`");
  return JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
};

const DOCS = join(ROOT, "docs", "measurement.md");
const BEGIN = "<!-- bench:truth -->";
const END = "<!-- /bench:truth -->";

/** Puts a text between the two marks of the page. @throws {BenchError} OPTION_WRONG when they are not there */
export const putIntoDocs = (text: string, file: string = DOCS): void => {
  const page = readFileSync(file, "utf8");
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from)
    throw new BenchError("OPTION_WRONG", `${file} has no place for the table: ${BEGIN} ${END}`);
  writeFileSync(file, `${page.slice(0, from + BEGIN.length)}\n\n${text}\n\n${page.slice(to)}`);
};

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
  readonly options: Pick<Options, "runs" | "windowMs" | "isFull" | "users" | "kinds" | "contenders">;
  /** Measurements that were asked for; fewer were made when the comparison ended early. */
  readonly planned: number;
  readonly stamps: TruthServer["stamps"];
  readonly measurements: readonly TruthMeasurement[];
}

const FOLDER = join(ROOT, "bench-results");
const PREFIX = "truth-";

/** Also of those that are not all there yet. @returns the file's path */
export const save = (results: SavedResults, folder: string = FOLDER): string => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${PREFIX}${results.startedAt.slice(0, 19).replaceAll(":", "-")}.json`);
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
};

/**
 * The newest that is fit for the docs: a choice of cells, or a comparison that ended early, would stand there as the whole.
 * @throws {BenchError} OPTION_WRONG when there is none
 */
export const latestResults = (folder: string = FOLDER): SavedResults => {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder)
    .filter((one) => one.startsWith(PREFIX))
    .sort()
    .reverse();
  for (const name of names) {
    const results: SavedResults = JSON.parse(readFileSync(join(folder, name), "utf8"));
    if (isWhole(results)) return results;
  }
  throw new BenchError("OPTION_WRONG", "there are no whole results yet: type `npm run bench:truth` without a choice");
};

const isWhole = ({ options: { users, kinds, contenders }, planned, measurements }: SavedResults): boolean =>
  users === null && kinds === null && contenders === null && measurements.length === planned;

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

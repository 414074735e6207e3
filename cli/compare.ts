/** `swarmbridge compare`: two sides of run records, each of several with the first, or two servers of one. */

import { compareSides } from "../gate/compare/comparison.ts";
import { compareServers, pairsIn } from "../gate/compare/in-one-run.ts";
import { measureRun } from "../gate/compare/measure-run.ts";
import { printable } from "../record/text-table.ts";
import { pictureOf } from "../report/compare/compared-picture.ts";
import { CommandError } from "./command-error.ts";
import { budgetsOf, refuseRunAsJson, type Written, writeCompared } from "./compared.ts";
import type { Output } from "./output.ts";
import { recordsOf } from "./records-of.ts";

export interface CompareOptions extends Written {
  /** Folders or ids. */
  readonly runs: readonly string[];
  /** The other side; empty: `runs` are two or more, each is compared with the first. */
  readonly with: readonly string[];
  readonly budget: readonly string[];
}

/**
 * @returns the exit code
 * @throws {CommandError} for a run, budget or file that is none
 * @throws {RecordError} what `recordOf` throws
 */
export const compare = (options: CompareOptions, output: Output): number => {
  refuseRunAsJson(options, output.env);
  const { runs, with: others } = options;
  if (runs.length + others.length < 2) throw new CommandError("one run cannot be compared: name two, before and after");
  const budgets = budgetsOf(options.budget);
  const records = recordsOf([...runs, ...others], output.env);
  const figures = records.map(measureRun);
  const [first, ...rest] = figures;
  const sides =
    others.length > 0
      ? [[figures.slice(0, runs.length), figures.slice(runs.length)] as const]
      : rest.map((each) => [first === undefined ? [] : [first], [each]] as const);
  const comparisons = sides.map(([before, after]) => compareSides(before, after, budgets, sides.length));
  const pictures = options.html === undefined ? [] : records.map(pictureOf);
  return writeCompared(comparisons, pictures, options, output);
};

/**
 * `compare --ab`: in one run, each server that has the traffic of another one, with that one.
 * @returns the exit code
 * @throws {CommandError} for a run without such a server, and for several runs
 * @throws {RecordError} what `recordOf` throws
 */
export const compareInOneRun = (options: CompareOptions, output: Output): number => {
  refuseRunAsJson(options, output.env);
  const { runs, with: others } = options;
  if (runs.length + others.length > 1)
    throw new CommandError("--ab compares two servers of one run: name one, or none");
  const budgets = budgetsOf(options.budget);
  const comparisons = recordsOf(runs, output.env).flatMap((record) => {
    const pairs = pairsIn(record.file);
    if (pairs.length === 0) throw new CommandError(`${printable(record.file.id)} ${NO_PAIR}`);
    return pairs.map((pair) => compareServers(record, pair, budgets));
  });
  return writeCompared(comparisons, [], options, output);
};

const NO_PAIR =
  "has no server with the traffic of another one: write trafficOf into loadtest.yaml (docs/compare.md), and run it again";

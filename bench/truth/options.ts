/** The command line of `npm run bench:truth`. */
import { parseArgs } from "node:util";
import { BenchError } from "../bench-error.ts";
import type { Choice } from "./cell.ts";
import { CONTENDER_NAMES } from "./contenders.ts";
import { KIND_NAMES } from "./kinds.ts";

export const HELP = `npm run bench:truth -- [options]

  --users N,N         only these numbers of users
  --kinds A,B         only these kinds of server
                      (${KIND_NAMES.join(", ")})
  --contenders A,B    only these (${CONTENDER_NAMES.join(", ")})
  --runs N            measurements of each cell, shown as medians (default 1)
  --seconds S         length of one measurement (default 6)
  --full              all kinds at all numbers of users by all: half an hour
  --json              the results on standard output, as they are saved
  --markdown          measures nothing: puts the latest results of all
                      cells into docs/measurement.md

Exit code 0; 2 when a report was off and its verdict on the generator did not
say so, or counts disagree; 3 when an option is wrong; 130 after Ctrl-C.
`;

export interface Options extends Choice {
  readonly runs: number;
  readonly windowMs: number;
  readonly isJson: boolean;
  readonly wantsMarkdown: boolean;
  readonly wantsHelp: boolean;
}

const MOST_USERS = 1_000;

/** @throws {BenchError} OPTION_WRONG */
export const parseOptions = (args: readonly string[]): Options => {
  const values = readArgs(args);
  return {
    users: listOf(values.users)?.map((text) => numberOf("--users", text, 1, MOST_USERS, true)) ?? null,
    kinds: listOf(values.kinds)?.map((text) => oneOf("--kinds", text, KIND_NAMES)) ?? null,
    contenders: listOf(values.contenders)?.map((text) => oneOf("--contenders", text, CONTENDER_NAMES)) ?? null,
    runs: numberOf("--runs", values.runs ?? "1", 1, 99, true),
    windowMs: numberOf("--seconds", values.seconds ?? "6", 1, 600, false) * 1000,
    isFull: values.full === true,
    isJson: values.json === true,
    wantsMarkdown: values.markdown === true,
    wantsHelp: values.help === true,
  };
};

const readArgs = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        users: { type: "string" },
        kinds: { type: "string" },
        contenders: { type: "string" },
        runs: { type: "string" },
        seconds: { type: "string" },
        full: { type: "boolean" },
        json: { type: "boolean" },
        markdown: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new BenchError("OPTION_WRONG", (error as Error).message, { cause: error });
  }
};

const listOf = (text: string | undefined): string[] | undefined => text?.split(",").map((one) => one.trim());

const numberOf = (option: string, text: string, least: number, most: number, isWhole: boolean): number => {
  const value = Number(text);
  if (!(value >= least && value <= most) || (isWhole && !Number.isInteger(value))) {
    const kind = isWhole ? "a whole number" : "a number";
    throw new BenchError("OPTION_WRONG", `${option} takes ${kind} from ${least} to ${most}, not "${text}"`);
  }
  return value;
};

const oneOf = <Name extends string>(option: string, text: string, names: readonly Name[]): Name => {
  const name = names.find((one) => one === text);
  if (name === undefined) throw new BenchError("OPTION_WRONG", `${option} takes ${names.join(", ")}, not "${text}"`);
  return name;
};

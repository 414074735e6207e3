/** The bench's command line. */
import { parseArgs } from "node:util";
import { BenchError } from "./bench-error.ts";
import { CONTENDER_NAMES, type ContenderName } from "./contenders.ts";
import { USERS } from "./workload.ts";

export const HELP = `npm run bench -- [options]

  --runs N        measurements of each cell, the table shows their median (default 3)
  --seconds S     length of one measurement (default 1.2)
  --users N       only this number of users; may be given more than once (default 1, 50, 200)
  --only NAME     only this contender; may be given more than once (${CONTENDER_NAMES.join(", ")})
  --no-sessions   without the memory of idle sessions and the session opens
  --results       only how results of a run at Azure become a record
  --quick         50 users, one run of 1 s, 100 idle sessions: under 90 s
`;

/** The smaller number shows that memory does not grow with the rows. */
const RESULT_ROWS = [125_000, 1_000_000];

export interface Options {
  readonly runs: number;
  readonly windowMs: number;
  readonly users: readonly number[];
  readonly contenders: readonly ContenderName[];
  /** Numbers of idle sessions to measure; empty for none. */
  readonly idleSessions: readonly number[];
  /** Numbers of CSV rows of eight engines to make a record of; empty for none. */
  readonly resultRows: readonly number[];
  readonly wantsHelp: boolean;
}

/** @throws {BenchError} OPTION_WRONG */
export const parseOptions = (args: readonly string[]): Options => {
  const { values } = readArgs(args);
  const isQuick = values.quick === true;
  const idleSessions = isQuick ? [100] : [100, 1000];
  const isOnlyResults = values.results === true;
  // Whoever names users or contenders wants to know about calls.
  const isAboutCalls = values.users !== undefined || values.only !== undefined;
  return {
    runs: wholeNumber("--runs", values.runs ?? (isQuick ? "1" : "3"), 99),
    windowMs: seconds(values.seconds ?? (isQuick ? "1" : "1.2")) * 1000,
    users: values.users?.map((text) => wholeNumber("--users", text, 1000)) ?? (isQuick ? [50] : USERS),
    contenders: isOnlyResults ? [] : (values.only?.map(contenderName) ?? CONTENDER_NAMES),
    idleSessions: isOnlyResults || values["no-sessions"] === true ? [] : idleSessions,
    resultRows: isOnlyResults || !(isQuick || isAboutCalls) ? RESULT_ROWS : [],
    wantsHelp: values.help === true,
  };
};

const readArgs = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        runs: { type: "string" },
        seconds: { type: "string" },
        users: { type: "string", multiple: true },
        only: { type: "string", multiple: true },
        "no-sessions": { type: "boolean" },
        results: { type: "boolean" },
        quick: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new BenchError("OPTION_WRONG", (error as Error).message, { cause: error });
  }
};

const wholeNumber = (option: string, text: string, most: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new BenchError("OPTION_WRONG", `${option} takes a whole number from 1 to ${most}, not "${text}"`);
  }
  return value;
};

const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0.2 && value <= 60)) {
    throw new BenchError("OPTION_WRONG", `--seconds takes a number from 0.2 to 60, not "${text}"`);
  }
  return value;
};

const contenderName = (text: string): ContenderName => {
  const name = CONTENDER_NAMES.find((one) => one === text);
  if (name === undefined) {
    throw new BenchError("OPTION_WRONG", `--only takes one of ${CONTENDER_NAMES.join(", ")}, not "${text}"`);
  }
  return name;
};

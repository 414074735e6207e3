/** What Locust would be given of the load: by the command line, the environment or locust.conf, in its own order. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { confValues, LOCUST_CONF, parseTimeSpan } from "../../azure/definition/locust-conf.ts";
import { isFile } from "../../config/find-file.ts";
import { CommandError } from "../command-error.ts";

export interface LocustLoad {
  readonly shape: string | undefined;
  readonly users: number | undefined;
  readonly spawnRate: number | undefined;
  readonly runTimeMs: number | undefined;
  /** Which of the two stand in locust.conf, where nobody typed others: as they stand there. */
  readonly ofConf: { readonly users?: string; readonly runTimeMs?: string };
}

export interface Given {
  readonly shape?: string | undefined;
  readonly users?: number | undefined;
  readonly runTime?: string | undefined;
}

/** @throws {CommandError} for a number or time that Locust would not take, either */
export const locustLoad = (given: Given, cwd: string, env: NodeJS.ProcessEnv): LocustLoad => {
  const path = join(cwd, LOCUST_CONF);
  const conf = isFile(path) ? confValues(readFileSync(path, "utf8")) : new Map<string, string>();
  const said = (option: keyof typeof VARIABLES, typed: string | undefined): Said | undefined =>
    [
      { text: typed, place: `--${option}` },
      { text: env[VARIABLES[option]], place: VARIABLES[option] },
      { text: conf.get(option), place: IN_CONF[option] },
    ].find((one): one is Said => one.text !== undefined && one.text !== "");
  const users = said("users", given.users === undefined ? undefined : String(given.users));
  const runTime = said("run-time", given.runTime);
  return {
    shape: said("shape", given.shape)?.text ?? (env.SWARMBRIDGE_SHAPE || undefined),
    users: read(users, count, "a whole number from 1"),
    spawnRate: read(said("spawn-rate", undefined), rate, "a number above 0"),
    runTimeMs: read(runTime, timeSpan, "a time such as 90, 10m or 1h30m"),
    ofConf: {
      ...(users?.place === IN_CONF.users && { users: `users = ${users.text}` }),
      ...(runTime?.place === IN_CONF["run-time"] && { runTimeMs: `run-time = ${runTime.text}` }),
    },
  };
};

const VARIABLES = {
  shape: "LOCUST_SHAPE",
  users: "LOCUST_USERS",
  "spawn-rate": "LOCUST_SPAWN_RATE",
  "run-time": "LOCUST_RUN_TIME",
} as const;

const IN_CONF = {
  shape: `shape in ${LOCUST_CONF}`,
  users: `users in ${LOCUST_CONF}`,
  "spawn-rate": `spawn-rate in ${LOCUST_CONF}`,
  "run-time": `run-time in ${LOCUST_CONF}`,
} as const;

interface Said {
  readonly text: string;
  readonly place: string;
}

const read = (said: Said | undefined, parse: (text: string) => number | null, rule: string): number | undefined => {
  if (said === undefined) return undefined;
  const value = parse(said.text);
  if (value === null) throw new CommandError(`${said.place} must be ${rule}`);
  return value;
};

const count = (text: string): number | null => (/^[1-9]\d{0,6}$/.test(text) ? Number(text) : null);
const rate = (text: string): number | null =>
  /^\d{1,7}(\.\d{1,6})?$/.test(text) && Number(text) > 0 ? Number(text) : null;
const timeSpan = (text: string): number | null => {
  const seconds = parseTimeSpan(text);
  return seconds === null ? null : seconds * 1000;
};

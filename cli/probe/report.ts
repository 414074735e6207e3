/** `swarmbridge probe report`: what the histories say. */

import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { figuresOf } from "../../capacity/probe/figures.ts";
import { ConfigError } from "../../config/config-error.ts";
import type { Settings } from "../../config/settings.ts";
import { ownValue } from "../../record/own-value.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-code.ts";
import { loadFor } from "../load-for.ts";
import type { Output } from "../output.ts";
import { resultsFolder } from "../run-folder.ts";
import { timeOf } from "../time-option.ts";
import { figureLines } from "./figure-lines.ts";
import { historyPath, leftOutLines, readHistory } from "./history-file.ts";

export interface ReportOptions {
  /** None: all that have a history. */
  readonly servers: readonly string[];
  readonly config?: string;
  readonly history?: string;
  /** Only so far back. */
  readonly last?: string;
  readonly json?: boolean;
}

/**
 * @returns `failed` when a server has used up its error budget, or its latency is above a limit
 * @throws {CommandError} when there is no history
 */
export const report = (options: ReportOptions, { env, print, redactor }: Output): number => {
  const results = resultsFolder(env);
  const limits = limitsFor(options.config);
  const backMs = options.last === undefined ? Number.POSITIVE_INFINITY : timeOf("--last", options.last);
  const told = histories(options, results).map(([server, path]) => {
    const history = readHistory(path);
    const { probes, broken, future } = history;
    const recent = probes.filter(({ atMs }) => atMs > Date.now() - backMs);
    if (recent.length === 0)
      throw new CommandError(`${path} has no probe${options.last === undefined ? "" : " so late"}`);
    const slo = ownValue(limits ?? {}, server)?.slo ?? null;
    return { server, slo, broken, future, leftOut: leftOutLines(history), figures: figuresOf(recent, slo) };
  });
  if (options.json === true) {
    const servers = told.map(({ server, figures, broken, future }) => ({
      ...{ server, ...figures },
      ...{ brokenLines: broken, futureProbes: future },
    }));
    print(redactor.cleanJson(JSON.stringify({ version: 1, servers })));
  } else {
    const texts = told.map(({ server, figures, slo, leftOut }) =>
      [...figureLines(server, figures, slo), ...leftOut.map((line) => `  ${line}`)].join("\n"),
    );
    print(redactor.clean(texts.join("\n\n")));
  }
  const isBad = told.some(({ figures }) => figures.budget?.isUsedUp === true || figures.broken.length > 0);
  return isBad ? EXIT.failed : EXIT.fine;
};

const histories = ({ servers, history }: ReportOptions, results: string): (readonly [string, string])[] => {
  const [only] = servers;
  if (history !== undefined) {
    if (servers.length > 1) throw new CommandError("--history names one file: name one server, too");
    return [[only ?? basename(history, ".jsonl"), historyPath(history, results, "")]];
  }
  const names = servers.length > 0 ? servers : serversIn(join(results, "probe"));
  return names.map((name) => [name, historyPath(undefined, results, name)] as const);
};

const serversIn = (folder: string): string[] => {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  } catch {
    // Nobody has probed here: said below.
  }
  if (names.length > 0) return names.map((name) => basename(name, ".jsonl"));
  throw new CommandError(`there is no history in ${folder}: swarmbridge probe makes one`);
};

/** A history can be read where no file is. */
const limitsFor = (config: string | undefined): Settings["servers"] | null => {
  try {
    return loadFor(config).servers;
  } catch (error) {
    if (error instanceof ConfigError && error.code === "CONFIG_MISSING") return null;
    throw error;
  }
};

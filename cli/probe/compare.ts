/** `swarmbridge probe compare`: a run's handshakes beside the history of a probe. */

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseCeiling } from "../../capacity/ceiling/ceiling-file.ts";
import { type Comparison, compareWithProbe } from "../../capacity/probe/compare.ts";
import { handshakesOf } from "../../capacity/probe/handshakes.ts";
import { isFile } from "../../config/find-file.ts";
import type { RunRecord } from "../../record/read-run.ts";
import { byServer } from "../../record/server-part.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { recordOf, resultsFolder, runFolder } from "../run-folder.ts";
import { historyPath, leftOutLines, readHistory } from "./history-file.ts";

export interface CompareOptions {
  readonly run: string | undefined;
  readonly server?: string;
  readonly history?: string;
  readonly json?: boolean;
}

/**
 * @returns `failed` when the two part
 * @throws {CommandError} for a run, server or history that is none
 * @throws {RecordError} what `recordOf` throws
 */
export const compare = (options: CompareOptions, { env, print, redactor }: Output): number => {
  const results = resultsFolder(env);
  const record = recordFor(options.run, results);
  const server = serverFor(record, options.server);
  const history = readHistory(historyPath(options.history, results, server));
  const compared = compareWithProbe(history.probes, handshakesOf(record.file, server));
  const comparison = { ...compared, lines: [...compared.lines, ...leftOutLines(history)] };
  if (options.json === true) {
    print(redactor.cleanJson(JSON.stringify({ version: 1, server, run: record.file.id, ...comparison })));
  } else
    print(
      redactor.clean([`${server}, run ${record.file.id}`, ...comparison.lines.map((line) => `  ${line}`)].join("\n")),
    );
  return codeOf(comparison);
};

const codeOf = ({ gap, spikes }: Comparison): number => {
  if (gap === "wide" || spikes === "absent") return EXIT.failed;
  return gap === "not-judged" ? EXIT.notJudged : EXIT.fine;
};

/** Of a search for the ceiling, the step with one session. */
const recordFor = (run: string | undefined, results: string): RunRecord => {
  const folder =
    run === undefined
      ? undefined
      : [resolve(run), join(results, run)].find((each) => isFile(join(each, "ceiling.json")));
  if (folder === undefined) return recordOf(runFolder(run, results));
  const steps = parseCeiling(readFileSync(join(folder, "ceiling.json"), "utf8"))?.steps ?? [];
  const dir = steps.find(({ sessions, dir: place }) => sessions === 1 && place !== null)?.dir;
  if (dir == null) throw new CommandError(`${run} has no step with one session: name a run`);
  return recordOf(join(folder, dir));
};

const serverFor = ({ file }: RunRecord, named: string | undefined): string => {
  const names = byServer(file).map(({ name }) => name);
  const [only, ...others] = names;
  if (named === undefined && only !== undefined && others.length === 0) return only;
  if (named !== undefined && names.includes(named)) return named;
  throw new CommandError(`name a server of the run with --server: ${names.join(", ") || "it has none"}`);
};

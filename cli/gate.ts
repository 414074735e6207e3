/** `swarmbridge gate`: judges one run record by `failureCriteria` and says it as a table and as files. */

import { basename } from "node:path";
import { ConfigError } from "../config/config-error.ts";
import type { Criterion, FailureCriteria } from "../gate/criterion.ts";
import { judge } from "../gate/judge.ts";
import { junitXml } from "../gate/junit.ts";
import { verdictMarkdown } from "../gate/markdown.ts";
import { parseCriterion, splitName } from "../gate/parse-criterion.ts";
import { NO_TOOL_KINDS, type Profile, profileCriteria, withProfile } from "../gate/profiles.ts";
import type { VerdictResult } from "../gate/verdict.ts";
import { verdictJson } from "../gate/verdict-json.ts";
import { verdictText } from "../gate/verdict-text.ts";
import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-code.ts";
import { loadCriteriaFor } from "./load-for.ts";
import type { Output } from "./output.ts";
import { isRun, recordOf, resultsFolder, runFolder } from "./run-folder.ts";
import { refuseNamedTwice, writeNamedFile, writeNamedMarkdown } from "./written-file.ts";

export interface GateOptions {
  /** Folder or id; undefined: the newest. */
  readonly run: string | undefined;
  readonly config: string | undefined;
  /** In the place of the file's criteria. */
  readonly profile: Profile | undefined;
  /** As typed, for our gate alone. */
  readonly criteria: readonly string[];
  readonly junit: string | undefined;
  readonly markdown: string | undefined;
  /** true: to standard output, instead of the table. */
  readonly json: string | boolean;
}

export const EXIT_OF_RESULT = {
  PASSED: EXIT.fine,
  FAILED: EXIT.failed,
  INVALID: EXIT.notJudged,
} as const satisfies Record<VerdictResult, number>;

/**
 * @returns the exit code
 * @throws {CommandError} for a criterion, run or file that is none
 * @throws {ConfigError} what `loadFile` throws
 * @throws {RecordError} what `recordOf` throws
 */
export const gate = (options: GateOptions, { print, style, env, redactor }: Output): number => {
  const { run, json, junit, markdown } = options;
  const results = resultsFolder(env);
  if (typeof json === "string" && (RUN_ID.test(basename(json)) || [json, `${results}/${json}`].some(isRun))) {
    throw new CommandError(`--json took the run ${json} for its file: name the run before the options`);
  }
  refuseNamedTwice({ "--junit": junit, "--markdown": markdown, "--json": json });
  const own = options.criteria.map(typedCriterion);
  const { profile, client, server } = criteriaOf(options);
  const record = recordOf(runFolder(run, results));
  const verdict = judge(record, { profile, client: withProfile(client, own), server });

  if (junit !== undefined) writeNamedFile("--junit", junit, redactor.clean(junitXml(verdict)));
  if (markdown !== undefined) writeNamedMarkdown(markdown, redactor.clean(verdictMarkdown(verdict)), env);
  if (typeof json === "string") writeNamedFile("--json", json, redactor.cleanJson(verdictJson(verdict)));
  if (json === true) print(redactor.cleanJson(verdictJson(verdict)).trimEnd());
  else print(redactor.clean(verdictText(verdict, { columns: style.columns, color: style.bold("") !== "" })).trimEnd());
  return EXIT_OF_RESULT[verdict.result];
};

/** One with a typing error, too. */
const RUN_ID = /^\d{8}-\d{6}-(?!.*\.json$)/;

const NONE: FailureCriteria = { profile: null, client: [], server: [] };

/** What judges a run: a profile that was typed, or the file, or nothing. @throws {ConfigError} what `loadFile` throws */
export const criteriaOf = ({ profile, config }: Pick<GateOptions, "profile" | "config">): FailureCriteria => {
  if (profile !== undefined) return { ...NONE, profile, client: profileCriteria(profile, NO_TOOL_KINDS) };
  try {
    return loadCriteriaFor(config);
  } catch (error) {
    // A record can be judged where no file is: by what was typed, or by the profile smoke.
    if (error instanceof ConfigError && error.code === "CONFIG_MISSING") return NONE;
    throw error;
  }
};

const typedCriterion = (text: string): Criterion => {
  const { request, rest } = splitName(text);
  const parsed = parseCriterion(rest, { request, isLocal: true });
  if ("criterion" in parsed) return parsed.criterion;
  throw new CommandError(`--criterion "${text}" ${parsed.fault}`);
};

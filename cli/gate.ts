/** `swarmbridge gate`: judges one run record by `failureCriteria` and says it as a table and as files. */

import { basename, resolve } from "node:path";
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
import { appendNamedFile, writeNamedFile } from "./written-file.ts";

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
  const own = options.criteria.map(typedCriterion);
  const { profile, client, server } = criteriaOf(options);
  const record = recordOf(runFolder(run, results));
  const verdict = judge(record, { profile, client: withProfile(client, own), server });

  if (junit !== undefined) writeNamedFile("--junit", junit, redactor.clean(junitXml(verdict)));
  if (markdown !== undefined) {
    const write = isStepSummary(markdown, env) ? appendNamedFile : writeNamedFile;
    write("--markdown", markdown, redactor.clean(verdictMarkdown(verdict)));
  }
  if (typeof json === "string") writeNamedFile("--json", json, redactor.cleanJson(verdictJson(verdict)));
  if (json === true) print(redactor.cleanJson(verdictJson(verdict)).trimEnd());
  else print(redactor.clean(verdictText(verdict, { columns: style.columns, color: style.bold("") !== "" })).trimEnd());
  return EXIT_OF_RESULT[verdict.result];
};

/** One with a typing error, too. */
const RUN_ID = /^\d{8}-\d{6}-(?!.*\.json$)/;

/** A step of a job at GitHub has one summary, and what an earlier command wrote there stays. */
const isStepSummary = (file: string, { GITHUB_STEP_SUMMARY: summary }: NodeJS.ProcessEnv): boolean =>
  summary !== undefined && summary !== "" && resolve(file) === resolve(summary);

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

/** `swarmbridge runs prune`: says which runs go and how much they weigh, and deletes them when told to. */
import { lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import { RUN_PLACE_FILE } from "../../azure/run/run-place.ts";
import { isFile } from "../../config/find-file.ts";
import { BASELINE_FILE, parseBaseline } from "../../gate/compare/baseline-file.ts";
import { durationText } from "../../record/duration-text.ts";
import { folderFacts } from "../../record/folder-facts.ts";
import { type PruneRule, prunePlan } from "../../record/prune-plan.ts";
import { readIfThere } from "../../record/record-files.ts";
import { type ListedRun, listedRun, listRuns } from "../../record/run-list.ts";
import { printable } from "../../record/text-table.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { resultsFolder } from "../run-folder.ts";
import { timeOf } from "../time-option.ts";
import { leftAloneText } from "./left-alone.ts";

export interface PruneOptions {
  readonly keep: number | undefined;
  /** As typed. */
  readonly olderThan: string | undefined;
  /** undefined: `perf-baseline.json`, where there is one. */
  readonly baseline: string | undefined;
  readonly yes: boolean;
}

/** @returns the exit code @throws {CommandError} for options that say nothing, or a baseline that is none */
export const prune = (options: PruneOptions, { print, env, redactor }: Output): number => {
  const rule = ruleOf(options);
  const results = resultsFolder(env);
  const list = listRuns(results);
  const nowMs = Date.now();
  const plan = prunePlan(list.runs, rule, {
    nowMs,
    needed: new Map([...baselineRuns(options.baseline), ...runsAtAzure(list.runs)]),
    touchedMs: ({ dir }) => folderFacts(dir).touchedMs,
  });
  const say = (text: string): void => print(redactor.clean(printable(text)));
  let bytes = 0;
  let deleted = 0;
  for (const run of plan.goes) {
    const size = folderFacts(run.dir).bytes;
    if (options.yes && !remove(run)) {
      say(`${run.name} stays: it has changed meanwhile`);
      continue;
    }
    bytes += size;
    deleted += 1;
    say(`${run.name}  ${sizeText(size)}, ${ageText(nowMs - run.startMs)} old`);
  }
  for (const { run, why } of plan.stays) say(`${run.name} stays: ${why}`);
  const what = `${deleted} of ${list.runs.length} runs in ${results}, ${sizeText(bytes)}`;
  if (deleted === 0) say(`nothing to delete: ${list.runs.length} runs in ${results}`);
  else say(options.yes ? `deleted ${what}` : `would delete ${what}: type the same with --yes`);
  const alone = leftAloneText(list);
  if (alone !== null) say(alone);
  return EXIT.fine;
};

const ruleOf = ({ keep, olderThan }: PruneOptions): PruneRule => {
  if (keep === undefined && olderThan === undefined) {
    throw new CommandError("runs prune needs --keep (the newest so many stay) or --older-than (such as 30d)");
  }
  return { keep: keep ?? null, olderThanMs: olderThan === undefined ? null : ageOf(olderThan) };
};

const DAY_MS = 24 * 3_600_000;
const DAYS = /^(\d{1,5})d$/;

const ageOf = (text: string): number => {
  const days = DAYS.exec(text)?.[1];
  return days === undefined ? timeOf("--older-than", text) : Number(days) * DAY_MS;
};

/** @throws {CommandError} for a file that was named and is none; one that nobody named may hold anything else */
const baselineRuns = (named: string | undefined): [string, string][] => {
  const file = named ?? BASELINE_FILE;
  const text = readIfThere(file);
  const runs = text === null ? null : parseBaseline(text);
  if (runs !== null) return runs.map(({ id }) => [id, `${file} was made of it`]);
  if (named === undefined && text === null) return [];
  throw new CommandError(
    `${file} is no baseline that can be read, so nobody knows which runs it needs: repair or move it`,
  );
};

/** Such a folder is how `azure watch` finds the run again. */
const runsAtAzure = (runs: readonly ListedRun[]): [string, string][] =>
  runs
    .filter(({ dir, head }) => head?.state !== "complete" && isFile(join(dir, RUN_PLACE_FILE)))
    .map(({ name }) => [name, "it is at Azure, and its record is not complete"]);

/** Looks again: somebody may have put another folder, or a link, in its place. @returns whether it is gone */
const remove = ({ dir, name, head }: ListedRun): boolean => {
  if (lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  const now = listedRun(dir, name);
  if (now === null || now === "broken" || now.head?.updatedAt !== head?.updatedAt) return false;
  rmSync(dir, { recursive: true, force: true });
  return true;
};

const ageText = (ms: number): string =>
  ms < 2 * DAY_MS ? durationText(Math.max(0, ms)) : `${Math.floor(ms / DAY_MS)} days`;

const UNITS = ["bytes", "KB", "MB", "GB", "TB"] as const;

const sizeText = (bytes: number): string => {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${UNITS[power]}`;
};

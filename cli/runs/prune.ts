/** `swarmbridge runs prune`: says which runs go and how much they weigh, and deletes them when told to. */
import { existsSync, lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import { RUN_PLACE_FILE } from "../../azure/run/run-place.ts";
import { isFile } from "../../config/find-file.ts";
import { BASELINE_FILE, parseBaseline } from "../../gate/compare/baseline-file.ts";
import { deleteRun, leftoversIn } from "../../record/delete-run.ts";
import { durationText } from "../../record/duration-text.ts";
import { folderFacts } from "../../record/folder-facts.ts";
import { type PruneAround, type PruneRule, prunePlan, reasonToStay } from "../../record/prune-plan.ts";
import { readIfThere } from "../../record/record-files.ts";
import { type ListedRun, listedRun, listRuns } from "../../record/run-list.ts";
import { printable } from "../../record/text-table.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { resultsFolder } from "../run-folder.ts";
import { leftAloneText } from "./left-alone.ts";

export interface PruneOptions {
  readonly keep: number | undefined;
  /** As typed. */
  readonly olderThan: string | undefined;
  /** undefined: `perf-baseline.json`, where there is one. */
  readonly baseline: string | undefined;
  readonly yes: boolean;
}

/** @returns the exit code: `wrongInput` when something could not be deleted @throws {CommandError} for options that say nothing, or a baseline that is none */
export const prune = (options: PruneOptions, { print, env, redactor }: Output): number => {
  const rule = ruleOf(options);
  const results = resultsFolder(env);
  const list = listRuns(results);
  const nowMs = Date.now();
  const around: PruneAround = {
    nowMs,
    needed: new Map([...baselineRuns(options.baseline), ...runsAtAzure(list.runs)]),
    touchedMs: ({ dir }) => folderFacts(dir).touchedMs,
  };
  const plan = prunePlan(list.runs, rule, around);
  const say = (text: string): void => print(redactor.clean(printable(text)));
  let bytes = 0;
  let deleted = 0;
  let hasFailed = false;
  if (options.yes) {
    for (const dir of leftoversIn(results)) {
      const fault = faultOf(() => rmSync(dir, { recursive: true, force: true }));
      if (fault === null) continue;
      hasFailed = true;
      say(`what is left of a run that was deleted earlier could not be deleted: ${fault} (${dir})`);
    }
  }
  for (const run of plan.goes) {
    const size = folderFacts(run.dir).bytes;
    const why = options.yes ? whyNow(run, around) : null;
    if (why !== null) {
      say(`${run.name} stays: ${why}`);
      continue;
    }
    const fault = options.yes ? faultOf(() => deleteRun(run.dir)) : null;
    if (fault !== null) {
      hasFailed = true;
      const what = existsSync(run.dir) ? "could not be deleted" : "could not be deleted as a whole";
      say(`${run.name} ${what}: ${fault}; the next prune tries again, with the rights that it needs`);
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
  return hasFailed ? EXIT.wrongInput : EXIT.fine;
};

const ruleOf = ({ keep, olderThan }: PruneOptions): PruneRule => {
  if (keep === undefined && olderThan === undefined) {
    throw new CommandError("runs prune needs --keep (the newest so many stay) or --older-than (such as 30d)");
  }
  return { keep: keep ?? null, olderThanMs: olderThan === undefined ? null : ageOf(olderThan) };
};

const DAY_MS = 24 * 3_600_000;
const MS_PER_UNIT = { h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS } as const;
/** No minutes: who types 6m means months, and would lose what is six minutes old. */
const AGE = /^([1-9]\d{0,4})([hdw])$/;

const ageOf = (text: string): number => {
  const [, amount, unit] = AGE.exec(text) ?? [];
  if (amount !== undefined) return Number(amount) * MS_PER_UNIT[unit as keyof typeof MS_PER_UNIT];
  throw new CommandError(`--older-than ${text} is no age: write it in hours, days or weeks, as 12h, 30d or 26w`);
};

/** @throws {CommandError} for a file that was named and is none; one that nobody named may hold anything else */
const baselineRuns = (named: string | undefined): [string, string][] => {
  const file = named ?? BASELINE_FILE;
  const text = readIfThere(file);
  const baseline = text === null ? null : parseBaseline(text);
  if (baseline !== null) return baseline.runs.map(({ id }) => [id, `${file} was made of it`]);
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

const CHANGED = "it has changed meanwhile";

/** Looks again: somebody may have put another folder, or a link, in its place, or may write it again. @returns null: it goes */
const whyNow = ({ dir, name, head }: ListedRun, around: PruneAround): string | null => {
  if (lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) return CHANGED;
  const now = listedRun(dir, name);
  if (now === null || now === "broken" || now.head?.updatedAt !== head?.updatedAt) return CHANGED;
  return reasonToStay(now, { ...around, nowMs: Date.now() });
};

/** @returns the system's code for what went wrong; null when nothing did */
const faultOf = (work: () => void): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code;
  }
};

const ageText = (ms: number): string =>
  ms < 2 * DAY_MS ? durationText(Math.max(0, ms)) : `${Math.floor(ms / DAY_MS)} days`;

const UNITS = ["bytes", "KB", "MB", "GB", "TB"] as const;

const sizeText = (bytes: number): string => {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${UNITS[power]}`;
};

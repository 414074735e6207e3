/**
 * Whether the machine that made the load can be believed: `ok`, `strained`, `saturated`, from what was measured in the run.
 * A table of seconds (generator-measures.ts) and one of delays over the run (generator-delays.ts), each with its thresholds.
 */
import { delayFindings } from "./generator-delays.ts";
import { FINDING_LEVELS, type GeneratorFinding } from "./generator-finding.ts";
import { GENERATOR_MEASURES, type GeneratorMeasure } from "./generator-measures.ts";
import { isMeanAlone, measuresOf, SECONDS_RULE, secondsLevel, secondsOf } from "./generator-seconds.ts";
import type { GeneratorRecord, RunFile } from "./run-file.ts";

/** From the best; `unknown` where nobody measured, or not for long enough. */
export const GENERATOR_LEVELS = ["ok", "strained", "saturated", "unknown"] as const;
export type GeneratorLevel = (typeof GENERATOR_LEVELS)[number];

export interface GeneratorVerdict {
  readonly level: GeneratorLevel;
  /** One sentence each, with the figure and what to do; those of this level. Empty for `ok`. */
  readonly reasons: readonly string[];
}

/** With fewer no measure can be too much in as many seconds as the rule wants: that would be no `ok`. */
const FEWEST_READINGS = SECONDS_RULE.strained.least;
const TOO_SHORT = `the run is too short to say: the generator was read less than ${FEWEST_READINGS} times, once a second`;

export const generatorVerdict = (file: RunFile): GeneratorVerdict => {
  if (!isMeasured(file)) return { level: "unknown", reasons: ["nobody measured the generator"] };
  const findings = [...secondsFindings(file.generator), ...delayFindings(file)];
  const level = FINDING_LEVELS.find((each) => findings.some((one) => one.level === each));
  if (level === undefined && file.generator.seconds < FEWEST_READINGS)
    return { level: "unknown", reasons: [TOO_SHORT] };
  if (level === undefined) return { level: "ok", reasons: [] };
  return { level, reasons: findings.filter((one) => one.level === level).map(({ sentence }) => sentence) };
};

/** @returns what was too much, one sentence each; empty when the generator was not saturated, or nobody measured */
export const saturationOf = (file: RunFile): readonly string[] => {
  const { level, reasons } = generatorVerdict(file);
  return level === "saturated" ? reasons : [];
};

/** Records that were made of somebody else's rows say nothing about the generator. */
export const isMeasured = ({ generator }: Pick<RunFile, "generator">): boolean => generator.seconds > 0;

const secondsFindings = (generator: GeneratorRecord): GeneratorFinding[] =>
  measuresOf(generator).flatMap(([name, known]) => {
    const level = secondsLevel(name, known);
    if (level === undefined) return [];
    const { says, text, advice, [level]: threshold }: GeneratorMeasure = GENERATOR_MEASURES[name];
    if (threshold === null) return [];
    const often = isMeanAlone(known)
      ? `on average over the run (${text(known.mean)})`
      : `in ${secondsOf(known, level)} of ${known.seconds} seconds (mean ${text(known.mean)})`;
    return [{ level, sentence: `${says(`${text(threshold)} or more`)} ${often}: ${advice}` }];
  });

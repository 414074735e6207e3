/**
 * Whether the machine that made the load can be believed: `ok`, `strained`, `saturated`, from what was measured in the run.
 * A table of seconds (generator-measures.ts) and one of delays over the run (generator-delays.ts), each with its thresholds.
 */
import { delayFindings } from "./generator-delays.ts";
import { FINDING_LEVELS, type GeneratorFinding } from "./generator-finding.ts";
import { GENERATOR_MEASURE_NAMES, GENERATOR_MEASURES, type GeneratorMeasure } from "./generator-measures.ts";
import { secondsLevel, secondsOf } from "./generator-seconds.ts";
import type { GeneratorRecord, MeasureRecord, RunFile } from "./run-file.ts";

/** From the best; `unknown` where nobody measured. */
export const GENERATOR_LEVELS = ["ok", "strained", "saturated", "unknown"] as const;
export type GeneratorLevel = (typeof GENERATOR_LEVELS)[number];

export interface GeneratorVerdict {
  readonly level: GeneratorLevel;
  /** One sentence each, with the figure and what to do; those of this level. Empty for `ok`. */
  readonly reasons: readonly string[];
}

export const generatorVerdict = (file: RunFile): GeneratorVerdict => {
  if (!isMeasured(file)) return { level: "unknown", reasons: ["nobody measured the generator"] };
  const findings = [...secondsFindings(file.generator), ...delayFindings(file)];
  const level = FINDING_LEVELS.find((each) => findings.some((one) => one.level === each)) ?? "ok";
  return { level, reasons: findings.filter((one) => one.level === level).map(({ sentence }) => sentence) };
};

/** @returns what was too much, one sentence each; empty when the generator was not saturated, or nobody measured */
export const saturationOf = (file: RunFile): readonly string[] => {
  const { level, reasons } = generatorVerdict(file);
  return level === "saturated" ? reasons : [];
};

/** Records that were made of somebody else's rows say nothing about the generator. */
export const isMeasured = ({ generator }: Pick<RunFile, "generator">): boolean => generator.seconds > 0;

const secondsFindings = (generator: GeneratorRecord): GeneratorFinding[] => {
  const measures = generator.measures ?? measuresOfMeans(generator);
  return GENERATOR_MEASURE_NAMES.flatMap((name) => {
    const known = measures[name];
    if (known === undefined) return [];
    const level = secondsLevel(known);
    if (level === undefined) return [];
    const { says, text, advice, [level]: threshold }: GeneratorMeasure = GENERATOR_MEASURES[name];
    if (threshold === null) return [];
    const often = `in ${secondsOf(known, level)} of ${known.seconds} seconds`;
    return [
      { level, sentence: `${says(`${text(threshold)} or more`)} ${often} (mean ${text(known.mean)}): ${advice}` },
    ];
  });
};

/** Of a record that has nothing but means, each second counts as the mean of all. */
const measuresOfMeans = ({
  seconds,
  eventLoopDelayP99Ms,
  locustCpu,
}: GeneratorRecord): Record<string, MeasureRecord> => {
  const means = { "bridge-late": eventLoopDelayP99Ms, ...(locustCpu !== null && { "locust-cpu": locustCpu }) };
  return Object.fromEntries(
    Object.entries(means).map(([name, value]) => {
      const { strained, saturated } = GENERATOR_MEASURES[name as keyof typeof means];
      const secondsFrom = (threshold: number): number => (value.mean >= threshold ? seconds : 0);
      return [
        name,
        { seconds, ...value, strainedSeconds: secondsFrom(strained), saturatedSeconds: secondsFrom(saturated) },
      ];
    }),
  );
};

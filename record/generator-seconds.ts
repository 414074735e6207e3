/** How many seconds over a threshold make a run so, and what a mean makes it of which nobody counted the seconds. */
import { FINDING_LEVELS, type GeneratorFinding } from "./generator-finding.ts";
import { GENERATOR_MEASURE_NAMES, GENERATOR_MEASURES, type GeneratorMeasureName } from "./generator-measures.ts";
import { ownValue } from "./own-value.ts";
import type { GeneratorRecord, MeasureRecord } from "./run-file.ts";

type Level = GeneratorFinding["level"];

/**
 * A start of two seconds and a single stall pass, the last third of a run does not; a share alone would flag a short run for
 * its start, a number alone a long run for its stalls.
 */
export const SECONDS_RULE = {
  strained: { share: 0.05, least: 3 },
  saturated: { share: 0.2, least: 3 },
} as const satisfies Record<Level, { share: number; least: number }>;

/** @returns undefined when the measure was never too much, or too seldom */
export const secondsLevel = (name: GeneratorMeasureName, measure: MeasureRecord): Level | undefined =>
  FINDING_LEVELS.find((level) => {
    if (isMeanAlone(measure)) return measure.mean >= (GENERATOR_MEASURES[name][level] ?? Number.POSITIVE_INFINITY);
    const { share, least } = SECONDS_RULE[level];
    const over = secondsOf(measure, level);
    return over >= least && over >= share * measure.seconds;
  });

export const secondsOf = ({ strainedSeconds, saturatedSeconds }: MeasureRecord, level: Level): number =>
  level === "saturated" ? saturatedSeconds : strainedSeconds;

/** Of an older record: it was read each second, and how many of them were too much is not known. */
export const isMeanAlone = ({ seconds }: MeasureRecord): boolean => seconds === 0;

/** Those that this version judges; of a record that has none the two means that every record has. */
export const measuresOf = (
  generator: GeneratorRecord,
): readonly (readonly [name: GeneratorMeasureName, measure: MeasureRecord])[] => {
  const counted = GENERATOR_MEASURE_NAMES.flatMap((name) => {
    const measure = ownValue(generator.measures, name);
    return measure === undefined ? [] : [[name, measure] as const];
  });
  return counted.length > 0 ? counted : meansOf(generator);
};

const meansOf = ({ eventLoopDelayP99Ms, locustCpu }: GeneratorRecord) => {
  const none = { seconds: 0, strainedSeconds: 0, saturatedSeconds: 0 };
  const late = ["bridge-late", { ...none, ...eventLoopDelayP99Ms }] as const;
  return locustCpu === null ? [late] : [late, ["locust-cpu", { ...none, ...locustCpu }] as const];
};

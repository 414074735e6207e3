/** How many seconds over a threshold make a run so. */
import { FINDING_LEVELS, type GeneratorFinding } from "./generator-finding.ts";
import type { MeasureRecord } from "./run-file.ts";

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
export const secondsLevel = (measure: MeasureRecord): Level | undefined =>
  FINDING_LEVELS.find((level) => {
    const { share, least } = SECONDS_RULE[level];
    const over = secondsOf(measure, level);
    return over >= least && over >= share * measure.seconds;
  });

export const secondsOf = ({ strainedSeconds, saturatedSeconds }: MeasureRecord, level: Level): number =>
  level === "saturated" ? saturatedSeconds : strainedSeconds;

/** What counts of several processes' generators. */
import type { GeneratorMeasureName } from "./generator-measures.ts";
import { measuresOf, secondsLevel } from "./generator-seconds.ts";
import type { GeneratorRecord, MeasureRecord } from "./run-file.ts";

/** Saturation is a matter of one process, not of their mean: each value is the worst part's. */
export const worstGenerator = (each: readonly GeneratorRecord[], usersPeak: number): GeneratorRecord => {
  const worst = (of: (one: GeneratorRecord) => { mean: number; max: number } | null) => {
    const values = each.flatMap((one) => of(one) ?? []);
    return { mean: Math.max(0, ...values.map(({ mean }) => mean)), max: Math.max(0, ...values.map(({ max }) => max)) };
  };
  return {
    seconds: Math.max(0, ...each.map(({ seconds }) => seconds)),
    eventLoopDelayP99Ms: worst((one) => one.eventLoopDelayP99Ms),
    eventLoopDelayMaxMs: Math.max(0, ...each.map(({ eventLoopDelayMaxMs }) => eventLoopDelayMaxMs)),
    bridgeCpu: worst((one) => one.bridgeCpu),
    locustCpu: each.every(({ locustCpu }) => locustCpu === null) ? null : worst((one) => one.locustCpu),
    bridgeRssBytes: worst((one) => one.bridgeRssBytes),
    usersPeak: Math.max(usersPeak, ...each.map((one) => one.usersPeak)),
    measures: worstMeasures(each),
  };
};

/** Each measure as its worst part had it: seconds of several processes are not added, nor their shares. */
const worstMeasures = (each: readonly GeneratorRecord[]): Record<string, MeasureRecord> => {
  const worst = new Map<GeneratorMeasureName, MeasureRecord>();
  for (const [name, measure] of each.filter(({ seconds }) => seconds > 0).flatMap(measuresOf)) {
    const known = worst.get(name);
    if (known === undefined || isWorse(name, measure, known)) worst.set(name, measure);
  }
  return Object.fromEntries(worst);
};

const isWorse = (name: GeneratorMeasureName, one: MeasureRecord, other: MeasureRecord): boolean => {
  const level = rankOf(name, one) - rankOf(name, other);
  const saturated = one.saturatedSeconds * other.seconds - other.saturatedSeconds * one.seconds;
  const strained = one.strainedSeconds * other.seconds - other.strainedSeconds * one.seconds;
  return (level || saturated || strained || one.mean - other.mean) > 0;
};

const RANKS = { saturated: 2, strained: 1 } as const;

/** First of all: a part of two bad seconds has the larger share, and says less than one of twenty. */
const rankOf = (name: GeneratorMeasureName, measure: MeasureRecord): number => {
  const level = secondsLevel(name, measure);
  return level === undefined ? 0 : RANKS[level];
};

/**
 * How far a report may be from the truth, and what it is when it is further. The goal stands for a machine that is a quarter
 * idle; on a busier one a report may be wrong as long as it says that it may be.
 */
import type { GeneratorLevel } from "../../record/generator-verdict.ts";
import type { Percentiles } from "./task.ts";

/**
 * A report is within when it is off by at most so many ms, or by at most that share of the truth. A percentile of fewer calls than
 * `least` is one of the last few: a single late call would decide.
 */
const GOALS = {
  p50Ms: { ms: 1, share: 0, least: 1 },
  p95Ms: { ms: 2, share: 0.03, least: 20 },
  p99Ms: { ms: 2, share: 0.03, least: 100 },
} as const satisfies Record<keyof Percentiles, { readonly ms: number; readonly share: number; readonly least: number }>;

/**
 * From the best. `off` is a report that is not within, of a tool that has no verdict on itself; `unjudged` one of other calls
 * than the truth.
 */
export const STANDINGS = ["within", "flagged", "off", "unjudged", "MISSED"] as const;
export type Standing = (typeof STANDINGS)[number];

const FLAGS: readonly GeneratorLevel[] = ["strained", "saturated"];

/** Percentiles of the same calls, by the tool and by the server. */
export interface Compared {
  readonly calls: number;
  readonly reported: Percentiles;
  readonly truth: Percentiles;
}

export const isWithin = ({ calls, reported, truth }: Compared): boolean =>
  Object.entries(GOALS).every(([name, { ms, share, least }]) => {
    const key = name as keyof Percentiles;
    return calls < least || Math.abs(reported[key] - truth[key]) <= Math.max(ms, share * truth[key]);
  });

/** @param level of the verdict; null for a tool that has none */
export const standingOf = (compared: Compared, level: GeneratorLevel | null): Standing => {
  if (isWithin(compared)) return "within";
  if (level === null) return "off";
  return FLAGS.includes(level) ? "flagged" : "MISSED";
};

/** On such a machine a report that is within needs no warning: one that warns cries wolf. */
const IDLE = 0.25;

export const criesWolf = (standing: Standing, level: GeneratorLevel | null, idle: number | null): boolean =>
  standing === "within" && level !== null && FLAGS.includes(level) && idle !== null && idle >= IDLE;

/** Of several runs of a cell: a promise that one of them broke is broken. */
export const worstOf = (standings: readonly Standing[]): Standing =>
  STANDINGS.findLast((one) => standings.includes(one)) ?? "within";

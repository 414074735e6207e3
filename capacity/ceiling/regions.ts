/**
 * Where p99 grows how, against the session count: flat, linear, knee, cliff. The rule stands in docs/ceiling.md. Sessions twice as
 * many and answers twice as slow are linear and acceptable; flat is better than linear.
 */

import { CARRIES } from "../../record/percentile-text.ts";
import { Times } from "../../record/times.ts";
import type { Level } from "./level.ts";

/** From good to bad. */
export const REGIONS = ["flat", "linear", "knee", "cliff"] as const;
export type Region = (typeof REGIONS)[number];

/** Up to this, p99 has not grown: the p99s of two runs of one load differ by as much. */
const FLAT_GROWTH = 1.25;

/**
 * Calls from which the p99 at rest is taken: those of the lowest levels together, of half of them at most. Of fewer it is off
 * by more than a tenth.
 */
const CALLS_AT_REST = 1000;

/** Only levels so far apart are compared: between near ones chance is larger than the growth. */
const FAR_ENOUGH = 1.5;
/** Of the last levels, where nothing lies further. */
const NEAREST = 1.2;

/** How much more than the sessions p99 must have grown. */
const MORE_THAN_LINEAR = 1.1;

export interface Regions {
  /** The last count before p99 grew faster than the sessions; null when it never did. */
  readonly knee: number | null;
  /** The first count at which calls failed or sessions were refused beyond the limit. */
  readonly cliff: number | null;
  /** The worst region that was reached; null when no level could carry a p99. */
  readonly reached: Region | null;
  /** The lowest and the highest count between which p99 stayed flat and within its limit; null where that is no stretch. */
  readonly flat: readonly [from: number, to: number] | null;
  /** By session count; null for levels that prove nothing. */
  readonly of: ReadonlyMap<number, Region | null>;
}

/** @param levels in the order of their session counts */
export const regionsOf = (levels: readonly Level[]): Regions => {
  const keptTo = levels.findLast(({ verdict }) => verdict === "kept")?.sessions ?? 0;
  // What a higher level does not confirm is chance, or something that happened at that moment.
  const isDenied = ({ verdict, sessions }: Level): boolean => verdict === "broken" && sessions < keptTo;
  const cliff = levels.find((level) => isCliff(level) && !isDenied(level))?.sessions ?? null;
  const clean = levels.filter(
    (level) => hasP99(level) && !isDenied(level) && (cliff === null || level.sessions < cliff),
  );
  const knee = clean.find((level, index) => growsFaster(level, clean.slice(index + 1)))?.sessions ?? null;
  const grownMs = p99AtRestMs(clean) * FLAT_GROWTH;
  // One slow level among others that are not is chance.
  const flat = clean.findLast(({ p99Ms }) => (p99Ms ?? 0) <= grownMs)?.sessions ?? 0;
  const regionOf = (level: Level): Region | null => {
    if (level.verdict === "unproven" || isDenied(level)) return null;
    if (cliff !== null && level.sessions >= cliff) return "cliff";
    // Alone it could only be compared with itself.
    if (!hasP99(level) || clean.length < 2) return null;
    if (knee !== null && level.sessions > knee) return "knee";
    return level.sessions <= flat ? "flat" : "linear";
  };
  const of = new Map(levels.map((level) => [level.sessions, regionOf(level)]));
  const reached = REGIONS.findLast((region) => [...of.values()].includes(region)) ?? null;
  return { knee, cliff, reached, flat: stretchOf(clean.filter(({ sessions }) => of.get(sessions) === "flat")), of };
};

const stretchOf = (flat: readonly Level[]): Regions["flat"] => {
  const [from, to] = [flat[0]?.sessions, flat.at(-1)?.sessions];
  if (from === undefined || to === undefined || to < from * FAR_ENOUGH) return null;
  return flat.every(({ breach }) => breach === null) ? [from, to] : null;
};

const isCliff = ({ breach }: Level): boolean => breach === "failures" || breach === "sessions";

const hasP99 = ({ verdict, times }: Level): boolean => verdict !== "unproven" && times.count >= CARRIES.p99Ms;

const p99AtRestMs = (levels: readonly Level[]): number => {
  const atRest = new Times();
  for (const { times } of levels.slice(0, Math.ceil(levels.length / 2))) {
    if (atRest.count >= CALLS_AT_REST) break;
    atRest.add(times);
  }
  return atRest.percentileMs(99);
};

const growsFaster = (level: Level, above: readonly Level[]): boolean => {
  const other =
    above.find(({ sessions }) => sessions >= level.sessions * FAR_ENOUGH) ??
    above.findLast(({ sessions }) => sessions >= level.sessions * NEAREST);
  if (other?.p99Ms == null || level.p99Ms === null) return false;
  return other.p99Ms / level.p99Ms > (MORE_THAN_LINEAR * other.sessions) / level.sessions;
};

/**
 * Which level comes next, from what was measured so far and from nothing else: a search that was interrupted goes on from
 * its saved steps as if nothing had happened.
 */

import { type Level, levelsOf } from "./level.ts";
import type { Limits, StepMeasure } from "./step.ts";

export interface Ladder {
  readonly kind: "ladder";
  /** Ascending. Every one is run, whatever the ones before came to. */
  readonly steps: readonly number[];
}

export interface Adaptive {
  readonly kind: "adaptive";
  readonly from: number;
  readonly max: number;
  /** How often a level may be run until it is sure on which side of the limits it lies. */
  readonly mostRuns: number;
}

export type Plan = Ladder | Adaptive;

/** R33: the levels of a first look; each is a real difference to the one before. */
export const DEFAULT_STEPS: readonly number[] = [1, 5, 10, 20, 30, 50];

/** Part of the carried sessions below which a difference is not worth another step. */
const RESOLUTION = 0.05;

/** @returns null when there is nothing more to learn */
export const nextStep = (plan: Plan, measures: readonly StepMeasure[], limits: Limits): number | null => {
  const last = measures.at(-1);
  // More sessions would saturate the generator even more, be cut off again, or find the server gone as these did.
  if (last !== undefined && (last.saturation.length > 0 || last.cutOff !== null || last.opened === 0)) return null;
  return plan.kind === "ladder" ? (plan.steps[measures.length] ?? null) : adaptive(plan, levelsOf(measures, limits));
};

/** Doubles until a level breaks, halves the distance, and repeats both sides of the answer: twice at least, and until they are sure. */
const adaptive = ({ from, max, mostRuns }: Adaptive, levels: readonly Level[]): number | null => {
  const broken = levels.find(({ verdict }) => verdict === "broken");
  const kept = levels.findLast(
    ({ verdict, sessions }) => verdict === "kept" && (broken === undefined || sessions < broken.sessions),
  );
  if (broken === undefined) return upward(levels.at(-1), { from, max });
  if (kept === undefined && broken.sessions > 1) {
    const lower = Math.floor(broken.sessions / 2);
    return isMeasured(levels, lower) ? null : lower;
  }
  const carried = kept?.sessions ?? 0;
  if (broken.sessions - carried > Math.max(1, Math.floor(carried * RESOLUTION))) {
    const middle = Math.floor((carried + broken.sessions) / 2);
    return isMeasured(levels, middle) ? null : middle;
  }
  const outward = [
    levels.filter(({ sessions, verdict }) => sessions >= broken.sessions && verdict === "broken"),
    levels.filter(({ sessions, verdict }) => sessions <= carried && verdict === "kept").reverse(),
  ];
  return outward.map((side) => unsettled(side, mostRuns)).find((sessions) => sessions !== null) ?? null;
};

/** Levels on one side of the answer of which the runs may disagree before nobody looks further out. */
const MOST_TRIED = 2;

/**
 * The first level that several runs do not settle yet. One run is never enough: what differs between two it cannot see.
 * @param side from the answer outward
 */
const unsettled = (side: readonly Level[], mostRuns: number): number | null => {
  for (const { sessions, runs, isSure } of side.slice(0, MOST_TRIED)) {
    if (runs < 2 || (!isSure && runs < mostRuns)) return sessions;
    if (isSure) return null;
  }
  return null;
};

const upward = (highest: Level | undefined, { from, max }: Pick<Adaptive, "from" | "max">): number | null => {
  if (highest === undefined) return Math.min(from, max);
  // Unproven: fewer sessions came than were asked for, and nobody refused them. More would not come either.
  if (highest.verdict === "unproven" || highest.sessions >= max) return null;
  return Math.min(2 * highest.sessions, max);
};

const isMeasured = (levels: readonly Level[], count: number): boolean =>
  levels.some(({ sessions }) => sessions === count);

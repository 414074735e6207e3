/** The difference of one quantity between two sides of one or more runs, with its 95 % interval and how likely chance makes it. */
import { quantileOfT } from "../../record/student-t.ts";
import { type Quantity, RULES } from "./quantity.ts";
import type { Figure } from "./run-figures.ts";
import { twoSidedP } from "./t-test.ts";

/** Values in the quantity's unit; changes in percent of before, or in points (errors). */
export interface Change {
  readonly before: number;
  readonly after: number;
  readonly change: number;
  /** 95 % of this difference taken alone. */
  readonly low: number;
  readonly high: number;
  readonly p: number;
}

/**
 * What a documented or known error counts for, in degrees of freedom: about as many as the blocks of two runs. It was measured
 * in some forty runs.
 */
const DOCUMENTED_FREEDOM = 30;

/** What the documented spread counts for beside runs that differ by more than it says. */
const AGREEING_FREEDOM = 6;

/**
 * Each run is one observation of its side, however many calls it has. How far runs of a side differ is taken from the runs
 * where there are several, and never below what the documented spread says: three runs may be alike by chance. A side of one
 * run has nothing but that. What a run shows of its own error counts for its side alone.
 * @returns null where a run says too little
 */
export const changeOf = (
  quantity: Quantity,
  before: readonly (Figure | undefined)[],
  after: readonly (Figure | undefined)[],
): Change | null => {
  const { scale, runToRun } = RULES[quantity];
  const [left, right] = [readable(before, scale), readable(after, scale)];
  if (left === null || right === null) return null;
  const between = spreadBetween([left, right], runToRun ** 2);
  const parts: readonly Part[] = [
    { variance: between.variance * (1 / left.length + 1 / right.length), freedom: between.freedom },
    ...[left, right].flatMap((side) =>
      side.map(({ error, freedom }) => ({ variance: (error / side.length) ** 2, freedom })),
    ),
  ];
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  const error = Math.sqrt(variance);
  // Of a sum of errors, each of which is more or less sure (Welch and Satterthwaite).
  const freedom = variance ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.freedom, 0);
  const difference = meanOf(right) - meanOf(left);
  const half = quantileOfT(0.975, Math.max(1, Math.min(DOCUMENTED_FREEDOM, Math.floor(freedom)))) * error;
  const told = scale === "ratio" ? (each: number) => 100 * Math.expm1(each) : (each: number) => each;
  const value = scale === "ratio" ? Math.exp : (each: number) => each;
  return {
    before: value(meanOf(left)),
    after: value(meanOf(right)),
    change: told(difference),
    low: told(difference - half),
    high: told(difference + half),
    p: twoSidedP(difference / error, freedom),
  };
};

interface Part {
  readonly variance: number;
  readonly freedom: number;
}

/** On the scale of the quantity: the logarithm of what is compared as a ratio. */
interface Observation {
  readonly at: number;
  readonly error: number;
  readonly freedom: number;
}

const readable = (figures: readonly (Figure | undefined)[], scale: "ratio" | "points"): Observation[] | null => {
  const observations: Observation[] = [];
  for (const figure of figures) {
    if (figure === undefined || figure.error === null || (scale === "ratio" && figure.value <= 0)) return null;
    observations.push({
      at: scale === "ratio" ? Math.log(figure.value) : figure.value,
      error: figure.error,
      freedom: figure.freedom ?? DOCUMENTED_FREEDOM,
    });
  }
  return observations.length === 0 ? null : observations;
};

const meanOf = (side: readonly Observation[]): number => side.reduce((sum, { at }) => sum + at, 0) / side.length;

/**
 * Between runs, beyond their own errors: what runs of a side show, both sides together, where that is more than is documented.
 * The documented one makes it surer as far as it agrees; far above it only the runs speak.
 */
const spreadBetween = (sides: readonly (readonly Observation[])[], documented: number): Part => {
  const seenFreedom = sides.reduce((sum, side) => sum + side.length - 1, 0);
  const known: Part = { variance: documented, freedom: DOCUMENTED_FREEDOM };
  if (seenFreedom === 0) return known;
  const sum = (of: (each: Observation, side: readonly Observation[]) => number): number =>
    sides.reduce((all, side) => all + side.reduce((part, each) => part + of(each, side), 0), 0);
  const seen = sum(({ at }, side) => (at - meanOf(side)) ** 2) / seenFreedom;
  const own = sum(({ error }, side) => error ** 2 * (1 - 1 / side.length)) / seenFreedom;
  if (seen <= documented + own) return known;
  const agreement = ((documented + own) / seen) ** 2;
  return { variance: seen - own, freedom: seenFreedom + AGREEING_FREEDOM * agreement };
};

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

/** What the documented spread between runs counts for, in degrees of freedom: about as many as the blocks of two runs. */
const DOCUMENTED_FREEDOM = 30;

/**
 * Each run is one observation of its side, however many calls it has. How far runs of a side differ is taken from the runs
 * where there are several, and never below what the documented spread and each run's own error say: three runs may be alike by
 * chance. A side of one run has nothing but those.
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
  const own = [...left, ...right].reduce((sum, { error }) => sum + error ** 2, 0) / (left.length + right.length);
  const documented = { variance: runToRun ** 2 + own, freedom: DOCUMENTED_FREEDOM };
  const seen = spreadSeen([left, right]);
  const spread = seen !== null && seen.variance > documented.variance ? seen : documented;
  const error = Math.sqrt(spread.variance * (1 / left.length + 1 / right.length));
  const difference = meanOf(right) - meanOf(left);
  const half = quantileOfT(0.975, spread.freedom) * error;
  const told = scale === "ratio" ? (each: number) => 100 * Math.expm1(each) : (each: number) => each;
  const value = scale === "ratio" ? Math.exp : (each: number) => each;
  return {
    before: value(meanOf(left)),
    after: value(meanOf(right)),
    change: told(difference),
    low: told(difference - half),
    high: told(difference + half),
    p: twoSidedP(difference / error, spread.freedom),
  };
};

/** On the scale of the quantity: the logarithm of what is compared as a ratio. */
interface Observation {
  readonly at: number;
  readonly error: number;
}

const readable = (figures: readonly (Figure | undefined)[], scale: "ratio" | "points"): Observation[] | null => {
  const observations: Observation[] = [];
  for (const figure of figures) {
    if (figure === undefined || figure.error === null || (scale === "ratio" && figure.value <= 0)) return null;
    observations.push({ at: scale === "ratio" ? Math.log(figure.value) : figure.value, error: figure.error });
  }
  return observations.length === 0 ? null : observations;
};

const meanOf = (side: readonly Observation[]): number => side.reduce((sum, { at }) => sum + at, 0) / side.length;

/** Between runs of the same side, both sides together; null where no side has two. */
const spreadSeen = (sides: readonly (readonly Observation[])[]): { variance: number; freedom: number } | null => {
  const freedom = sides.reduce((sum, side) => sum + side.length - 1, 0);
  if (freedom === 0) return null;
  const squares = sides.reduce((sum, side) => sum + side.reduce((all, { at }) => all + (at - meanOf(side)) ** 2, 0), 0);
  return { variance: squares / freedom, freedom };
};

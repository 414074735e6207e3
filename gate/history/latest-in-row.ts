/** Whether the latest of several values lies in the row of those before it. Pure arithmetic; docs/runs.md says the rule. */
import { median } from "../../record/median.ts";
import { quantileOfT } from "../../record/student-t.ts";
import { slopeOf } from "../../record/trend.ts";
import { type Quantity, RULES } from "../compare/quantity.ts";

/** Of fewer runs nobody knows how far they differ. */
export const FEWEST_BEFORE = 5;
/** Older ones were another program. */
const MOST_BEFORE = 30;
/** Makes a median of distances from the median a standard deviation, for values that are spread normally. */
const MAD_SCALE = 1.4826;
/** Variance of a median of n such values: this by n. */
const MEDIAN_VARIANCE = Math.PI / 2;

export interface LatestInRow {
  readonly told: "in its row" | "above its row" | "below its row" | "too few runs";
  /** Of those before the latest; how many. */
  readonly before: number;
  readonly medianBefore: number;
  /** A latest value between these is in the row. Null: too few runs. */
  readonly usual: { readonly low: number; readonly high: number } | null;
  /** From run to run, over all of them: percent, or points; only where the interval of 95 % leaves out zero. */
  readonly drift: number | null;
}

/**
 * Median and median distance from it, of at most 30 values before the latest: one odd run moves neither. The distance is never
 * taken as less than runs of one build are known to differ. Of a steady row with few runs in it about one in twenty is told to
 * lie outside.
 * @param values the oldest first @param ownError standard error of the latest, on the quantity's scale
 * @returns null for no value, or one that has no logarithm where it needs one
 */
export const latestInRow = (values: readonly number[], quantity: Quantity, ownError = 0): LatestInRow | null => {
  const { scale, runToRun } = RULES[quantity];
  const isRatio = scale === "ratio";
  if (values.length === 0 || (isRatio && values.some((each) => each <= 0))) return null;
  const [told, scaled] = isRatio ? [Math.exp, Math.log] : [same, same];
  const row = values.slice(-MOST_BEFORE - 1).map(scaled);
  const latest = row.at(-1) ?? 0;
  const before = row.slice(0, -1);
  const middle = median(before);
  const known = {
    before: before.length,
    medianBefore: before.length === 0 ? 0 : told(middle),
    drift: driftOf(row, isRatio),
  };
  if (before.length < FEWEST_BEFORE) return { told: "too few runs", usual: null, ...known };
  const distance = MAD_SCALE * median(before.map((each) => Math.abs(each - middle)));
  const spread = Math.max(distance, Math.hypot(runToRun, ownError));
  const half = quantileOfT(0.995, before.length - 1) * spread * Math.sqrt(1 + MEDIAN_VARIANCE / before.length);
  return {
    told: latest > middle + half ? "above its row" : latest < middle - half ? "below its row" : "in its row",
    usual: { low: isRatio ? told(middle - half) : Math.max(0, middle - half), high: told(middle + half) },
    ...known,
  };
};

const same = (value: number): number => value;

const driftOf = (row: readonly number[], isRatio: boolean): number | null => {
  if (row.length <= FEWEST_BEFORE) return null;
  const slope = slopeOf(row.map((y, x) => ({ x, y })));
  if (slope === null || (slope.low <= 0 && slope.high >= 0)) return null;
  return isRatio ? 100 * Math.expm1(slope.slope) : slope.slope;
};

/**
 * The difference of two servers that had the same traffic in the same seconds: what slows a second slows both, so that it is
 * taken block by block and does not count as chance. Pure arithmetic.
 */
import { quantileOfT } from "../../record/student-t.ts";
import { Times } from "../../record/times.ts";
import type { Block } from "./blocks.ts";
import type { Change } from "./change.ts";
import { type Quantity, RULES } from "./quantity.ts";
import type { NameFigures } from "./run-figures.ts";
import { twoSidedP } from "./t-test.ts";

export interface PairedSide {
  readonly figures: NameFigures;
  /** Of the same seconds on both sides. */
  readonly blocks: readonly Block[];
}

/** A difference on the quantity's scale: of logarithms, or of points. */
export interface Difference {
  /** Of the whole run, as is `after`. */
  readonly before: number;
  readonly after: number;
  readonly at: number;
  readonly error: number;
  readonly freedom: number;
}

/** Fewer blocks say little of the spread between them. */
const FEWEST_BLOCKS = 6;
/** Calls of a side in a block: fewer have no such percentile. Blocks with fewer are joined with their neighbours. */
const FEWEST_CALLS = { p50Ms: 5, meanMs: 5, p95Ms: 20, p99Ms: 100 } as const;
type TimeQuantity = keyof typeof FEWEST_CALLS;
/**
 * Two servers of one build are never quite alike: other connections, other places in memory. A share of the value, taken as
 * chance whatever the blocks show. Assumed, and not measured.
 */
const SIDE_TO_SIDE = 0.01;
/** As between runs: errors are told by the calls themselves, and not by blocks. */
const ERRORS_FREEDOM = 30;

/** @returns null where the run says too little, undefined for what no side has */
export const pairedDifference = (quantity: Quantity, a: PairedSide, b: PairedSide): Difference | null | undefined => {
  const [before, after] = [a.figures.figures[quantity], b.figures.figures[quantity]];
  if (before === undefined && after === undefined) return undefined;
  if (before === undefined || after === undefined) return null;
  if (RULES[quantity].scale === "points") {
    if (before.error === null || after.error === null) return null;
    const error = Math.hypot(before.error, after.error);
    return { before: before.value, after: after.value, at: after.value - before.value, error, freedom: ERRORS_FREEDOM };
  }
  const ratios = quantity === "throughput" ? rateRatios(a, b) : timeRatios(quantity as TimeQuantity, a, b);
  if (ratios.length < FEWEST_BLOCKS || before.value <= 0 || after.value <= 0) return null;
  // Of a handshake there is a rate, and it says nothing: how often it was done says how many users there were.
  if (quantity === "throughput" && (before.error === null || after.error === null)) return null;
  return {
    before: before.value,
    after: after.value,
    // Not of the whole run's figures: slow seconds weigh more in those, and would count as chance again.
    at: meanOf(ratios),
    error: Math.hypot(SIDE_TO_SIDE, deviationOf(ratios) / Math.sqrt(ratios.length)),
    freedom: ratios.length - 1,
  };
};

/** Several names together, each with its weight; weights add up to 1. */
export const weighedDifference = (parts: readonly (readonly [weight: number, part: Difference])[]): Difference => {
  const sum = (of: (part: Difference) => number): number =>
    parts.reduce((all, [weight, part]) => all + weight * of(part), 0);
  return {
    before: Math.exp(sum(({ before }) => Math.log(before))),
    after: Math.exp(sum(({ after }) => Math.log(after))),
    at: sum(({ at }) => at),
    error: Math.max(
      SIDE_TO_SIDE,
      Math.sqrt(parts.reduce((all, [weight, { error }]) => all + (weight * error) ** 2, 0)),
    ),
    freedom: Math.min(...parts.map(([, { freedom }]) => freedom)),
  };
};

export const changeOfDifference = (quantity: Quantity, { before, after, at, error, freedom }: Difference): Change => {
  const told = RULES[quantity].scale === "ratio" ? (each: number) => 100 * Math.expm1(each) : (each: number) => each;
  const half = quantileOfT(0.975, freedom) * error;
  const p = twoSidedP(at / error, freedom);
  return { before, after, change: told(at), low: told(at - half), high: told(at + half), p };
};

const timeRatios = (quantity: TimeQuantity, a: PairedSide, b: PairedSide): number[] => {
  const fewest = FEWEST_CALLS[quantity];
  const ratios: number[] = [];
  let [left, right] = [new Times(), new Times()];
  for (const [index, block] of a.blocks.entries()) {
    left.add(block.times);
    right.add(b.blocks[index]?.times ?? new Times());
    if (left.count < fewest || right.count < fewest) continue;
    ratios.push(Math.log(right.summary()[quantity] / left.summary()[quantity]));
    [left, right] = [new Times(), new Times()];
  }
  return ratios.filter(Number.isFinite);
};

/** Without the first and the last block: users come and go there. */
const rateRatios = (a: PairedSide, b: PairedSide): number[] =>
  a.blocks
    .slice(1, -1)
    .map(({ count }, index) => Math.log((b.blocks[index + 1]?.count ?? 0) / count))
    .filter(Number.isFinite);

const meanOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

const deviationOf = (values: readonly number[]): number => {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1));
};

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
import { spreadOfSum } from "./serial.ts";
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
export type TimeQuantity = keyof typeof FEWEST_CALLS;
/** Of both sides together: fewer are so few that a side with none may have none by chance. */
const FEWEST_FOR_RATE = 20;
/** Of the other side, in the block in which one has none. */
const FEWEST_IN_STANDSTILL = 10;
/** Added to both totals: a side without any operation has not lost infinitely many. */
const HALF_OPERATION = 0.5;
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
  return quantity === "throughput"
    ? rateDifference(a, b)
    : workDifference(quantity as TimeQuantity, [{ weight: 1, a, b }]);
};

export interface PairedName {
  readonly a: PairedSide;
  readonly b: PairedSide;
  /** Of all names together, of any scale. */
  readonly weight: number;
}

/**
 * Several names together, by their weighted ratio in each block: what slows a second of one server slows all of its names, so
 * that names are no independent witnesses.
 * @returns null where the names have too few blocks in which each of them can tell
 */
export const workDifference = (quantity: TimeQuantity, names: readonly PairedName[]): Difference | null => {
  const total = names.reduce((sum, { weight }) => sum + weight, 0);
  const groups = carryingGroups(quantity, names);
  const weighted = (of: (name: PairedName) => number): number =>
    names.reduce((sum, name) => sum + (name.weight / total) * of(name), 0);
  const ratios = groups
    .map((group) => weighted(({ a, b }) => Math.log(timeIn(b, group, quantity) / timeIn(a, group, quantity))))
    .filter(Number.isFinite);
  const wholeRun = (side: "a" | "b"): number =>
    Math.exp(weighted((name) => Math.log(name[side].figures.figures[quantity]?.value ?? 0)));
  const [before, after] = [wholeRun("a"), wholeRun("b")];
  if (ratios.length < FEWEST_BLOCKS || before <= 0 || after <= 0) return null;
  // Not of the whole run's figures: slow seconds weigh more in those, and would count as chance again.
  const at = meanOf(ratios);
  return { before, after, at, ...chanceOf(ratios.map((each) => (each - at) / ratios.length)) };
};

/** Whether the names have enough blocks in which each of them can tell. */
export const isCarried = (quantity: TimeQuantity, names: readonly PairedName[]): boolean =>
  carryingGroups(quantity, names).length >= FEWEST_BLOCKS;

export const changeOfDifference = (quantity: Quantity, { before, after, at, error, freedom }: Difference): Change => {
  const told = RULES[quantity].scale === "ratio" ? (each: number) => 100 * Math.expm1(each) : (each: number) => each;
  const half = quantileOfT(0.975, freedom) * error;
  const p = twoSidedP(at / error, freedom);
  return { before, after, change: told(at), low: told(at - half), high: told(at + half), p };
};

/** Consecutive blocks, from one to before another, in which every name has enough calls on both sides. */
type Group = readonly [from: number, to: number];

const carryingGroups = (quantity: TimeQuantity, names: readonly PairedName[]): Group[] => {
  const fewest = FEWEST_CALLS[quantity];
  const blocks = Math.min(...names.map(({ a, b }) => Math.min(a.blocks.length, b.blocks.length)));
  const sides = names.flatMap(({ a, b }) => [a, b]);
  const groups: Group[] = [];
  let from = 0;
  let counts = sides.map(() => 0);
  for (let at = 0; at < blocks; at++) {
    counts = counts.map((count, side) => count + (sides[side]?.blocks[at]?.times.count ?? 0));
    if (counts.some((count) => count < fewest)) continue;
    groups.push([from, at + 1]);
    from = at + 1;
    counts = sides.map(() => 0);
  }
  return groups;
};

const timeIn = ({ blocks }: PairedSide, [from, to]: Group, quantity: TimeQuantity): number => {
  const times = new Times();
  for (const block of blocks.slice(from, to)) times.add(block.times);
  return times.summary()[quantity];
};

/**
 * The ratio of the totals, and by how much each block moves it: a block in which a side stood still counts as any other.
 * Without the first and the last block: users come and go there.
 */
const rateDifference = (a: PairedSide, b: PairedSide): Difference | null => {
  const [before, after] = [a.figures.figures.throughput, b.figures.figures.throughput];
  // Of a handshake there is a rate, and it says nothing: how often it was done says how many users there were. A side that
  // stood still has no error either, the other one has.
  if (before === undefined || after === undefined || (before.error === null && after.error === null)) return null;
  const counts = a.blocks.slice(1, -1).map((block, index) => [block.count, b.blocks[index + 1]?.count ?? 0] as const);
  const [totalA, totalB] = counts.reduce(([sumA, sumB], [ofA, ofB]) => [sumA + ofA, sumB + ofB], [0, 0]);
  if (counts.length < FEWEST_BLOCKS || totalA + totalB < FEWEST_FOR_RATE) return null;
  const [wholeA, wholeB] = [totalA + HALF_OPERATION, totalB + HALF_OPERATION];
  const moved = counts.map(([ofA, ofB]) => ofB / wholeB - ofA / wholeA);
  const middle = meanOf(moved);
  return {
    before: before.value,
    after: after.value,
    at: Math.log(wholeB / wholeA),
    ...(counts.some(isStandstill) ? chanceOfApart : chanceOf)(moved.map((each) => each - middle)),
  };
};

/** Only one of two servers with the same traffic: that is an event, and no wave of the rate that a longer run would level. */
const isStandstill = ([ofA, ofB]: readonly [number, number]): boolean =>
  Math.min(ofA, ofB) === 0 && Math.max(ofA, ofB) >= FEWEST_IN_STANDSTILL;

/** @param deviations of consecutive blocks, from what they would add if all were alike */
const chanceOf = (deviations: readonly number[]): Pick<Difference, "error" | "freedom"> => {
  const { variance, freedom } = spreadOfSum(deviations);
  return { error: Math.hypot(SIDE_TO_SIDE, Math.sqrt(variance)), freedom: Math.min(deviations.length - 1, freedom) };
};

/** The same for blocks that are taken as independent of each other. */
const chanceOfApart = (deviations: readonly number[]): Pick<Difference, "error" | "freedom"> => {
  const freedom = deviations.length - 1;
  const squares = deviations.reduce((sum, each) => sum + each ** 2, 0);
  return { error: Math.hypot(SIDE_TO_SIDE, Math.sqrt((squares * deviations.length) / freedom)), freedom };
};

const meanOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

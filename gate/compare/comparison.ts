/**
 * Two sides of one or more runs: what changed, what is chance, what breaks a budget. Of comparisons of runs of one build about one
 * in twenty may say that anything changed, in any of its rows, as long as runs differ by no more than is documented (quantity.ts).
 */
import { type Alike, alike } from "./alike.ts";
import { type Budgets, DEFAULT_BUDGETS } from "./budget.ts";
import { type ChangedRow, changedRows } from "./changed-row.ts";
import { type ComparedRow, type JudgedChange, judgedRows, type Told } from "./judged-row.ts";
import { QUANTITIES, type Quantity, RULES, TIME_QUANTITIES } from "./quantity.ts";
import type { RunFigures } from "./run-figures.ts";

export interface Broken {
  readonly title: string;
  readonly quantity: Quantity;
  readonly change: JudgedChange;
  readonly budget: number;
}

export interface Comparison {
  /** INVALID: nobody can say. BROKEN: some budget is. */
  readonly result: "WITHIN" | "BROKEN" | "INVALID";
  readonly overall: Told | "mixed";
  /** Ids of the runs. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly budgets: Budgets;
  /** All operations, the same work, then each name in order. */
  readonly rows: readonly ComparedRow[];
  /** Errors first: times of what is left say little when more calls fail. */
  readonly broken: readonly Broken[];
  /** Budgets of which the figures of the whole run are too few to say anything. */
  readonly unjudged: readonly Quantity[];
  readonly invalid: readonly string[];
  readonly notes: readonly string[];
}

export const compareSides = (
  before: readonly RunFigures[],
  after: readonly RunFigures[],
  budgets: Budgets = DEFAULT_BUDGETS,
  comparisons = 1,
): Comparison =>
  comparisonOf(changedRows(before, after), budgets, {
    before: before.map(({ id }) => id),
    after: after.map(({ id }) => id),
    comparisons,
    ...alike(before, after),
  });

/** What is compared, and what stands in the way of it. */
export interface Compared extends Alike {
  /** As a reader knows the sides. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Made at once: all of them together have the chance of a false claim that one has alone. Default: 1. */
  readonly comparisons?: number;
}

/** @param rows all operations, the same work, then each name in order */
export const comparisonOf = (rows: readonly ChangedRow[], budgets: Budgets, compared: Compared): Comparison => {
  const { before, after, invalid, notes, comparisons = 1 } = compared;
  // What cannot be compared breaks nothing.
  const told = judgedRows(rows, invalid.length > 0 ? {} : budgets, comparisons);
  const broken = brokenOf(told, budgets);
  const overall = overallOf(told);
  const unjudged = unjudgedOf(told, budgets);
  const faults = invalid.length > 0 ? invalid : broken.length > 0 ? [] : tooFew(overall, unjudged, budgets);
  return {
    result: faults.length > 0 ? "INVALID" : broken.length > 0 ? "BROKEN" : "WITHIN",
    overall,
    before,
    after,
    budgets,
    rows: told,
    broken,
    unjudged,
    invalid: faults,
    notes: [...notes, ...errorNote(told)],
  };
};

const overallOf = (rows: readonly ComparedRow[]): Comparison["overall"] => {
  const told = new Set(rows.flatMap(({ changes }) => Object.values(changes).flatMap((change) => change?.told ?? [])));
  if (told.has("worse")) return told.has("better") ? "mixed" : "worse";
  if (told.has("better")) return "better";
  // What no time could tell, nothing else can.
  const isTellable = rows.some(({ kind, changes }) => kind !== "name" && changes.p50Ms?.told === "no difference");
  return isTellable ? "no difference" : "not enough data";
};

const unjudgedOf = ([all, work]: readonly ComparedRow[], budgets: Budgets): Quantity[] =>
  QUANTITIES.filter((quantity) => {
    const isTold = (row: ComparedRow | undefined): boolean =>
      (row?.changes[quantity]?.told ?? "not enough data") !== "not enough data";
    return budgets[quantity] !== undefined && !isTold(all) && !isTold(work);
  });

/** A gate on times that no time could be held against has not been passed. */
const tooFew = (overall: Comparison["overall"], unjudged: readonly Quantity[], budgets: Budgets): string[] => {
  if (overall === "not enough data") return ["there are too few calls to tell a change"];
  const ofTimes = TIME_QUANTITIES.filter((quantity) => budgets[quantity] !== undefined);
  if (ofTimes.length === 0 || !ofTimes.every((quantity) => unjudged.includes(quantity))) return [];
  const titles = ofTimes.map((quantity) => RULES[quantity].title).join(", ");
  return [`there are too few calls to judge any budget of a time (${titles}): take more or longer runs`];
};

const brokenOf = (rows: readonly ComparedRow[], budgets: Budgets): Broken[] =>
  rows
    .flatMap(({ title, changes }) =>
      QUANTITIES.flatMap((quantity): Broken[] => {
        const [change, budget] = [changes[quantity], budgets[quantity]];
        return change?.isBroken === true && budget !== undefined ? [{ title, quantity, change, budget }] : [];
      }),
    )
    .sort((a, b) => Number(b.quantity === "errorPercent") - Number(a.quantity === "errorPercent"));

const errorNote = ([all]: readonly ComparedRow[]): string[] =>
  all?.changes.errorPercent?.told === "worse"
    ? ["more calls fail: times are of the good answers that are left, so look at the failures first"]
    : [];

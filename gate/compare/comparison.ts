/**
 * Two sides of one or more runs: what changed, what is chance, what breaks a budget. Of comparisons of runs of one build about one
 * in twenty may say that anything changed, in any of its rows, as long as runs differ by no more than is documented (quantity.ts).
 */
import { type Alike, alike } from "./alike.ts";
import { type Budgets, DEFAULT_BUDGETS, isBroken, worseBy } from "./budget.ts";
import { type Change, changeOf } from "./change.ts";
import { holm, type Test } from "./holm.ts";
import { noticeable } from "./noticeable.ts";
import { QUANTITIES, type Quantity, RULES, TIME_QUANTITIES } from "./quantity.ts";
import type { Figure, NameFigures, RunFigures } from "./run-figures.ts";
import { sameWork } from "./same-work.ts";

export type Told = "no difference" | "worse" | "better" | "not enough data";

export interface JudgedChange extends Change {
  readonly told: Told;
  readonly isBroken: boolean;
}

/** `work`: all names, each with the same weight in every run; it has no counts of its own. */
export type RowKind = "all" | "work" | "name";

export interface ComparedRow {
  readonly kind: RowKind;
  /** As a reader sees it; of a name, the name. */
  readonly title: string;
  /** Operations of all runs of a side; null: not in every run of it. */
  readonly before: number | null;
  readonly after: number | null;
  /** What cannot be told is null; what no run has is absent. */
  readonly changes: Partial<Readonly<Record<Quantity, JudgedChange | null>>>;
}

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

/**
 * Of at least one false claim, together 5 %: errors alone, since times of what is left say little when more calls fail; what is
 * said of the whole run; all other rows.
 */
const CHANCE = { errors: 0.01, overall: 0.03, rows: 0.01 } as const;
/** Their parts in what is said of the whole run. The mean is the surest: it has every call. */
const WEIGHTS = { meanMs: 6, p50Ms: 2, p95Ms: 2, p99Ms: 1, throughput: 1, errorPercent: 1 } as const satisfies Record<
  Quantity,
  number
>;
/** A difference of half the value that could not be seen: there is no saying that there is none. */
const WIDEST = { ratio: 50, points: 5 } as const;

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
  const judgedRows = judged(rows, invalid.length > 0 ? {} : budgets, comparisons);
  const broken = brokenOf(judgedRows, budgets);
  const overall = overallOf(judgedRows);
  const unjudged = unjudgedOf(judgedRows, budgets);
  const faults = invalid.length > 0 ? invalid : broken.length > 0 ? [] : tooFew(overall, unjudged, budgets);
  return {
    result: faults.length > 0 ? "INVALID" : broken.length > 0 ? "BROKEN" : "WITHIN",
    overall,
    before,
    after,
    budgets,
    rows: judgedRows,
    broken,
    unjudged,
    invalid: faults,
    notes: [...notes, ...errorNote(judgedRows)],
  };
};

export type Changes = Partial<Record<Quantity, Change | null>>;
export type ChangedRow = Omit<ComparedRow, "changes"> & { readonly changes: Changes };

const changedRows = (before: readonly RunFigures[], after: readonly RunFigures[]): ChangedRow[] => {
  const names = [...new Set([...before, ...after].flatMap((run) => Object.keys(run.names)))].sort();
  const work = sameWork([...before, ...after]);
  const named = (runs: readonly RunFigures[], name: string): (NameFigures | undefined)[] =>
    runs.map((run) => (Object.hasOwn(run.names, name) ? run.names[name] : undefined));
  return [
    rowOf(
      "all",
      "all operations",
      before.map(({ all }) => all),
      after.map(({ all }) => all),
    ),
    {
      kind: "work",
      title: "the same work",
      before: null,
      after: null,
      changes: changesOf(work.slice(0, before.length), work.slice(before.length)),
    },
    ...names.map((name) => rowOf("name", name, named(before, name), named(after, name))),
  ];
};

const rowOf = (
  kind: RowKind,
  title: string,
  before: readonly (NameFigures | undefined)[],
  after: readonly (NameFigures | undefined)[],
): ChangedRow => ({
  kind,
  title,
  before: countOf(before),
  after: countOf(after),
  changes: changesOf(
    before.map((each) => each?.figures ?? {}),
    after.map((each) => each?.figures ?? {}),
  ),
});

const countOf = (side: readonly (NameFigures | undefined)[]): number | null =>
  side.includes(undefined) ? null : side.reduce((sum, each) => sum + (each?.count ?? 0), 0);

type Figures = Partial<Readonly<Record<Quantity, Figure>>>;

const changesOf = (before: readonly Figures[], after: readonly Figures[]): Changes => {
  const changes: Changes = {};
  for (const quantity of QUANTITIES) {
    const [left, right] = [before.map((each) => each[quantity]), after.map((each) => each[quantity])];
    if ([...left, ...right].every((figure) => figure === undefined)) continue;
    changes[quantity] = changeOf(quantity, left, right);
  }
  return changes;
};

interface Tested extends Test {
  readonly row: ChangedRow;
  readonly quantity: Quantity;
  readonly family: Family;
}

type Family = keyof typeof CHANCE;

/** What the whole run is judged by: how much failed, how long the same work takes, how much was done. */
const familyOf = ({ kind }: ChangedRow, quantity: Quantity): Family => {
  if (kind === "all" && quantity === "errorPercent") return "errors";
  return kind === "work" || (kind === "all" && quantity === "throughput") ? "overall" : "rows";
};

/** @param comparisons that are made at once: all of them together have the chance of one */
const judged = (rows: readonly ChangedRow[], budgets: Budgets, comparisons: number): ComparedRow[] => {
  const tests = rows.flatMap((row) =>
    QUANTITIES.flatMap((quantity): Tested[] => {
      const change = row.changes[quantity];
      if (change == null) return [];
      const family = familyOf(row, quantity);
      return [{ row, quantity, family, p: change.p, weight: family === "overall" ? WEIGHTS[quantity] : 1 }];
    }),
  );
  const real = new Map<ChangedRow, Set<Quantity>>();
  for (const [name, chance] of Object.entries(CHANCE)) {
    const family = tests.filter((test) => test.family === name);
    const claimed = holm(family, chance / comparisons);
    for (const [index, { row, quantity }] of family.entries()) {
      if (claimed[index] === true) real.set(row, (real.get(row) ?? new Set()).add(quantity));
    }
  }
  return rows.map((row) => {
    const changes: Partial<Record<Quantity, JudgedChange | null>> = {};
    for (const quantity of QUANTITIES) {
      const change = row.changes[quantity];
      if (change === undefined) continue;
      const isReal = real.get(row)?.has(quantity) === true;
      changes[quantity] =
        change === null
          ? null
          : {
              ...change,
              told: toldOf(quantity, change, isReal),
              isBroken: isBroken(quantity, change, isReal, budgets),
            };
    }
    return { ...row, changes };
  });
};

const toldOf = (quantity: Quantity, change: Change, isReal: boolean): Told => {
  if (isReal) return worseBy(quantity, change.change) > 0 ? "worse" : "better";
  return noticeable(quantity, change) > WIDEST[RULES[quantity].scale] ? "not enough data" : "no difference";
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

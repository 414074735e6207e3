/** What is said of each figure of a comparison, when the whole table may make a false claim in no more than one of twenty. */
import { type Budgets, isBroken, worseBy } from "./budget.ts";
import type { Change } from "./change.ts";
import type { ChangedRow, Changes } from "./changed-row.ts";
import { holm, type Test } from "./holm.ts";
import { noticeable } from "./noticeable.ts";
import { QUANTITIES, type Quantity, RULES } from "./quantity.ts";

export type Told = "no difference" | "worse" | "better" | "not enough data";

export interface JudgedChange extends Change {
  readonly told: Told;
  readonly isBroken: boolean;
}

export interface ComparedRow extends ChangedRow {
  readonly changes: Readonly<Changes<JudgedChange>>;
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
export const judgedRows = (rows: readonly ChangedRow[], budgets: Budgets, comparisons: number): ComparedRow[] => {
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
    const changes: Changes<JudgedChange> = {};
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

/** How much worse a run may be than the one before it, and which differences are beyond that. */
import type { Change } from "./change.ts";
import { QUANTITIES, type Quantity, RULES } from "./quantity.ts";

/** By how much a quantity may get worse: percent of before, of errors percentage points. Absent: it breaks nothing. */
export type Budgets = Partial<Readonly<Record<Quantity, number>>>;

/** microsoft/mcp issue 3122 asks for these of servers of its own. */
export const DEFAULT_BUDGETS: Budgets = { p95Ms: 15, p99Ms: 20, throughput: 10, errorPercent: 0.5 };

/** As it is typed: `p95=20%`, `errors=1`, `mean=25`, `p99=none`. */
const TYPED = /^\s*([a-z0-9]+)\s*=\s*(?:(none)|\+?(\d{1,4}(?:\.\d{1,3})?)\s*%?)\s*$/;

const BY_TITLE: ReadonlyMap<string, Quantity> = new Map(QUANTITIES.map((each) => [RULES[each].title, each]));

/** @returns null for what cannot be read */
export const withTypedBudget = (budgets: Budgets, text: string): Budgets | null => {
  const [, title = "", none, number] = TYPED.exec(text) ?? [];
  const quantity = BY_TITLE.get(title);
  if (quantity === undefined) return null;
  const { [quantity]: _, ...others } = budgets;
  return none !== undefined ? others : { ...others, [quantity]: Number(number) };
};

/** `p95 +15%`, `throughput -10%`, `errors +0.5 points`. */
export const budgetText = (quantity: Quantity, budget: number): string => {
  const { title, worse, scale } = RULES[quantity];
  return `${title} ${worse === "higher" ? "+" : "-"}${budget}${scale === "ratio" ? "%" : " points"}`;
};

/** How much worse it got; below zero: better. */
export const worseBy = (quantity: Quantity, change: number): number =>
  RULES[quantity].worse === "higher" ? change : -change;

/**
 * The difference is real, and what was measured lies beyond the budget. To ask for an interval that lies beyond it as a whole
 * would let a server pass that is just twice as far off as allowed, in nearly every short run.
 */
export const isBroken = (quantity: Quantity, { change }: Change, isReal: boolean, budgets: Budgets): boolean => {
  const budget = budgets[quantity];
  return budget !== undefined && isReal && worseBy(quantity, change) > budget;
};

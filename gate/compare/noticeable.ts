/** How large a difference would have to be to be told. Pure arithmetic. */
import type { Change } from "./change.ts";
import { type Quantity, RULES } from "./quantity.ts";

/**
 * The half of a 95 % interval is 2 standard errors. To be told among others a difference must be 2.5 or 2.8 of them, and be
 * 0.85 larger to be measured as such in four of five comparisons.
 */
const HALVES = 1.75;

/** In percent of before, or in points: what would be told in about four of five comparisons as sure as this one. */
export const noticeable = (quantity: Quantity, { low, high }: Pick<Change, "low" | "high">): number => {
  if (RULES[quantity].scale === "points") return (HALVES * (high - low)) / 2;
  return 100 * Math.expm1((HALVES * Math.log((100 + high) / (100 + low))) / 2);
};

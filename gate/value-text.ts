/** A measured value as people read it: rounded, but never so far that it seems to be on the other side of its limit. */

import { countText, msText } from "../record/duration-text.ts";
import type { CriterionResult } from "./verdict.ts";

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

const UNIT_TEXT = { ms: " ms", "%": "%", "/s": "/s", "": "" } as const satisfies Record<
  CriterionResult["unit"],
  string
>;

export const actualText = ({ actualValue, unit, limit }: CriterionResult): string =>
  actualValue === null ? "-" : valueText(actualValue, unit, limit);

export const azureText = ({ azure, unit, limit }: CriterionResult): string =>
  azure === null || azure.actualValue === null ? "-" : valueText(azure.actualValue, unit, limit);

const valueText = (value: number, unit: CriterionResult["unit"], limit: number | null): string =>
  `${roundedText(value, unit, limit)}${UNIT_TEXT[unit]}`;

const roundedText = (value: number, unit: CriterionResult["unit"], limit: number | null): string => {
  const usual = unit === "ms" ? msText(value) : Number.isInteger(value) ? countText(value) : value.toFixed(2);
  if (limit === null || sideOf(Number(usual.replaceAll(",", "")), limit) === sideOf(value, limit)) return usual;
  // 1000.4 ms above a limit of 1000 is not shown as 1,000.
  const digits = DIGITS.find((each) => sideOf(Number(value.toFixed(each)), limit) === sideOf(value, limit));
  return digits === undefined ? String(value) : value.toFixed(digits);
};

const sideOf = (value: number, limit: number): number => Math.sign(value - limit);

/**
 * A comparison as JUnit XML: a case for each budget of each row that has its figures, and one for whether the runs can be
 * compared. What too few calls say nothing of is skipped.
 */
import { xmlAttributes, xmlText } from "../xml-text.ts";
import { budgetText } from "./budget.ts";
import { brokenText, differenceText, headlineOf, sidesText } from "./compare-words.ts";
import type { Comparison } from "./comparison.ts";
import type { ComparedRow, JudgedChange } from "./judged-row.ts";
import { QUANTITIES, type Quantity } from "./quantity.ts";

const SUITE = "swarmbridge compare";
const CASE = xmlAttributes({ classname: "swarmbridge.compare" });

interface BudgetCase {
  readonly row: ComparedRow;
  readonly quantity: Quantity;
  readonly budget: number;
  readonly change: JudgedChange | null;
}

export const compareJunit = (comparison: Comparison): string => {
  const { result, invalid, notes } = comparison;
  const isInvalid = result === "INVALID";
  // Of runs that cannot be compared no case says anything.
  const cases = casesOf(comparison).map((each) => (isInvalid ? { ...each, change: null } : each));
  const counts = xmlAttributes({
    tests: cases.length + 1,
    failures: cases.filter(({ change }) => change?.isBroken === true).length,
    errors: isInvalid ? 1 : 0,
    skipped: cases.filter(isUntold).length,
  });
  const headline = headlineOf(comparison);
  const open = `    <testcase${CASE}${xmlAttributes({ name: "the runs can be compared" })}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes({ name: SUITE })}${counts}>`,
    `  <testsuite${xmlAttributes({ name: `${SUITE}: ${sidesText(comparison)}` })}${counts}>`,
    ...cases.map(caseXml),
    isInvalid
      ? `${open}><error${xmlAttributes({ message: headline, type: "INVALID" })}>${xmlText(invalid.join("\n"))}</error></testcase>`
      : `${open}/>`,
    `    <system-out>${xmlText([headline, ...notes].join("\n"))}</system-out>`,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
};

const casesOf = ({ rows, budgets }: Comparison): BudgetCase[] =>
  rows.flatMap((row) =>
    QUANTITIES.flatMap((quantity): BudgetCase[] => {
      const [change, budget] = [row.changes[quantity], budgets[quantity]];
      return change === undefined || budget === undefined ? [] : [{ row, quantity, budget, change }];
    }),
  );

const isUntold = ({ change }: BudgetCase): boolean => change === null || change.told === "not enough data";

const caseXml = (each: BudgetCase): string => {
  const { row, quantity, budget, change } = each;
  const open = `    <testcase${CASE}${xmlAttributes({ name: `${row.title}: ${budgetText(quantity, budget)}` })}`;
  if (change?.isBroken === true) {
    const text = brokenText({ title: row.title, quantity, change, budget });
    const message = differenceText(row.title, quantity, change);
    return `${open}><failure${xmlAttributes({ message, type: quantity })}>${xmlText(text)}</failure></testcase>`;
  }
  return isUntold(each) ? `${open}><skipped${xmlAttributes({ message: "not judged" })}/></testcase>` : `${open}/>`;
};

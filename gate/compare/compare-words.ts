/** How a comparison reads, wherever it is written: headlines, differences, verdicts. Plain text. */
import { msText } from "../../record/duration-text.ts";
import { budgetText, worseBy } from "./budget.ts";
import type { Broken, Comparison } from "./comparison.ts";
import type { ComparedRow, JudgedChange } from "./judged-row.ts";
import { noticeable } from "./noticeable.ts";
import { oneSidedText } from "./one-sided.ts";
import { QUANTITIES, type Quantity, RULES } from "./quantity.ts";

const OVERALL = {
  "no difference": "no difference",
  worse: "worse",
  better: "better",
  mixed: "better in part, worse in part",
  "not enough data": "not enough data",
} as const satisfies Record<Comparison["overall"], string>;

/** Without what was compared: `no difference, within the budgets`. */
export const headlineOf = ({ result, overall, broken, unjudged, rows }: Comparison): string => {
  if (result === "INVALID") return "cannot be judged";
  const notJudged = unjudged.length === 0 ? "" : `not judged: ${unjudged.map((each) => RULES[each].title).join(", ")}`;
  const left = [notJudged, oneSidedText(rows)].map((text) => (text === "" ? "" : `; ${text}`)).join("");
  if (result === "WITHIN") return `${OVERALL[overall]}, within the budgets${left}`;
  return `${OVERALL[overall]}, ${broken.length === 1 ? "1 budget is" : `${broken.length} budgets are`} broken${left}`;
};

/** `no difference`, `slower`, `more`, `not enough data`. */
export const toldText = (quantity: Quantity, change: JudgedChange | null): string => {
  if (change === null) return "not enough data";
  return change.told === "worse" || change.told === "better" ? RULES[quantity].words[change.told] : change.told;
};

/** A value in its own unit, without it. */
export const valueText = (quantity: Quantity, value: number): string => {
  const { unit } = RULES[quantity];
  if (unit === "ms") return msText(value);
  return unit === "%" ? value.toFixed(1) : value.toPrecision(3);
};

/** `+24%`, `-0.3 points`. */
export const changeText = (quantity: Quantity, change: number): string => {
  const isRatio = RULES[quantity].scale === "ratio";
  const text = Math.abs(change).toFixed(isRatio && Math.abs(change) >= 10 ? 0 : 1);
  return `${Number(text) === 0 ? "" : change > 0 ? "+" : "-"}${text}${isRatio ? "%" : " points"}`;
};

/** `+8% to +44%`, `-0.5 to +0.5 points`: the difference lies there, 95 % sure. */
export const intervalText = (quantity: Quantity, { low, high }: JudgedChange): string =>
  `${changeText(quantity, low).replace(" points", "")} to ${changeText(quantity, high)}`;

/** `the same work: p50 +24% (+8% to +44%), slower`. */
export const differenceText = (title: string, quantity: Quantity, change: JudgedChange): string =>
  `${title}: ${RULES[quantity].title} ${changeText(quantity, change.change)} (${intervalText(quantity, change)}), ${toldText(quantity, change)}`;

export const brokenText = ({ title, quantity, change, budget }: Broken): string =>
  `${differenceText(title, quantity, change)}: breaks the budget ${budgetText(quantity, budget)}`;

export const budgetsText = ({ budgets }: Comparison): string => {
  const texts = QUANTITIES.flatMap((quantity) => {
    const budget = budgets[quantity];
    return budget === undefined ? [] : [budgetText(quantity, budget)];
  });
  return texts.length === 0 ? "none" : texts.join(", ");
};

/** Differences that are real and break nothing, one sentence each. */
export const differencesText = ({ rows }: Pick<Comparison, "rows">): string[] =>
  rows.flatMap(({ title, changes }) =>
    QUANTITIES.flatMap((quantity) => {
      const change = changes[quantity];
      if (change == null || change.isBroken || (change.told !== "worse" && change.told !== "better")) return [];
      return [differenceText(title, quantity, change)];
    }),
  );

/**
 * What looks like a broken budget and is not sure enough to be called one, one sentence each: real if this were the only figure
 * that was looked at. All of the whole run, and the surest of the names. Nothing of runs that cannot be compared.
 */
export const unsureText = ({ rows, budgets, result }: Pick<Comparison, "rows" | "budgets" | "result">): string[] => {
  if (result === "INVALID") return [];
  const unsure = rows.flatMap(({ kind, title, changes }) =>
    QUANTITIES.flatMap((quantity) => {
      const [change, budget] = [changes[quantity], budgets[quantity]];
      if (change == null || budget === undefined || change.isBroken || change.p > ALONE) return [];
      if (worseBy(quantity, change.change) <= budget) return [];
      const text = `${title}: ${RULES[quantity].title} ${changeText(quantity, change.change)} (${intervalText(quantity, change)})`;
      const says = `${text} is beyond the budget ${budgetText(quantity, budget)}, but may be chance`;
      return [{ isName: kind === "name", p: change.p, text: `${says}: take more or longer runs` }];
    }),
  );
  const names = unsure.filter(({ isName }) => isName).sort((a, b) => a.p - b.p);
  return [...unsure.filter(({ isName }) => !isName), ...names.slice(0, MOST_UNSURE)].map(({ text }) => text);
};

/** Of many names some look so by chance. */
const MOST_UNSURE = 3;

/** As the interval of one figure has it. */
const ALONE = 0.05;

/** A difference this large would be shown in four of five comparisons; null where not even that is known. */
export const noticeableText = ({ rows }: Pick<Comparison, "rows">): string | null => {
  const [all, work] = rows;
  const change = work?.changes.meanMs ?? all?.changes.meanMs;
  if (change == null) return null;
  const of = work?.changes.meanMs == null ? "of all operations" : "of the same work";
  return `a difference of about ${Math.ceil(noticeable("meanMs", change))}% in the mean ${of} would show`;
};

export const sidesText = ({ before, after }: Pick<Comparison, "before" | "after">): string =>
  `${sideText(before)} > ${sideText(after)}`;

const MOST_IDS = 3;

const sideText = (ids: readonly string[]): string =>
  ids.length <= MOST_IDS
    ? ids.join(" + ")
    : `${ids.slice(0, MOST_IDS - 1).join(" + ")} + ${ids.length - MOST_IDS + 1} more`;

export const whereText = ({ kind, before, after }: ComparedRow): string => {
  if (kind === "work" || (before !== null && after !== null)) return "";
  if (before === null && after === null) return " (not in every run)";
  return before === null ? " (only after)" : " (only before)";
};

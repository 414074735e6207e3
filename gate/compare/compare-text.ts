/** A comparison as a table for people, and below it what the table says. */
import { countText } from "../../record/duration-text.ts";
import { indented, type PageOptions, pageOf } from "../../record/page.ts";
import { printable, tableLines } from "../../record/text-table.ts";
import {
  brokenText,
  budgetsText,
  changeText,
  differencesText,
  headlineOf,
  noticeableText,
  sidesText,
  unsureText,
  valueText,
  whereText,
} from "./compare-words.ts";
import type { Comparison } from "./comparison.ts";
import type { ComparedRow } from "./judged-row.ts";
import { type Quantity, RULES } from "./quantity.ts";

const SHOWN: readonly Quantity[] = ["errorPercent", "throughput", "p50Ms", "p95Ms", "p99Ms"];
const HEADER = [
  "  before > after",
  "count",
  ...SHOWN.flatMap((each) => [`${RULES[each].title} ${RULES[each].unit}`, ""]),
];

const COLOR_OF_RESULT = { WITHIN: "green", BROKEN: "red", INVALID: "yellow" } as const satisfies Record<
  Comparison["result"],
  string
>;

export const compareLines = (comparison: Comparison, options: PageOptions = {}): string[] => {
  const { columns, paint } = pageOf(options);
  const { rows, result, broken, invalid, notes } = comparison;
  const [header = "", ...lines] = tableLines([HEADER, ...rows.map(cellsOf)], columns);
  const told = (texts: readonly string[], color: "red" | "yellow" | "dim" | null): string[] =>
    texts.flatMap((text) =>
      indented(printable(text), columns).map((line) => (color === null ? line : paint(color, line))),
    );
  return [
    paint("bold", paint(COLOR_OF_RESULT[result], `compare: ${headlineOf(comparison)}`)),
    printable(sidesText(comparison)),
    paint("dim", header),
    ...lines.map((line, index) => (hasBroken(rows[index]) ? paint("red", line) : line)),
    ...told(broken.map(brokenText), "red"),
    ...told(differencesText(comparison), null),
    ...told(unsureText(comparison), "yellow"),
    ...told(invalid, "yellow"),
    ...told(notes, "yellow"),
    ...told([`budgets: ${budgetsText(comparison)}`, ...hintOf(comparison)], "dim"),
  ];
};

const hintOf = (comparison: Comparison): string[] => {
  const noticeable = noticeableText(comparison);
  return [...(noticeable === null ? [] : [noticeable]), "= no difference that is more than chance, ? not enough data"];
};

const hasBroken = (row: ComparedRow | undefined): boolean =>
  Object.values(row?.changes ?? {}).some((change) => change?.isBroken === true);

const cellsOf = (row: ComparedRow): string[] => [
  `  ${printable(row.title)}${whereText(row)}`,
  row.kind === "work" ? "" : `${countOf(row.before)} > ${countOf(row.after)}`,
  ...SHOWN.flatMap((quantity) => {
    const change = row.changes[quantity];
    if (change === undefined) return ["", ""];
    if (change === null) return ["", "?"];
    const { before, after, told } = change;
    const mark = { "no difference": "=", "not enough data": "?" } as const;
    return [
      `${valueText(quantity, before)} > ${valueText(quantity, after)}`,
      told === "worse" || told === "better" ? changeText(quantity, change.change).replace(" points", "") : mark[told],
    ];
  }),
];

const countOf = (count: number | null): string => (count === null ? "-" : countText(count));

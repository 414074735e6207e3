/** A comparison of two runs as a table for people. */

import { countText, msText } from "../record/duration-text.ts";
import { indented, type PageOptions, pageOf } from "../record/page.ts";
import { printable, tableLines } from "../record/text-table.ts";
import type { Compared, Comparison, Figures, PercentileKey } from "./compare.ts";

const HEADER = ["  before > after", "count", "errors", "p50 ms", "", "p95 ms", "", "p99 ms", ""];
const PERCENTILES: readonly PercentileKey[] = ["p50Ms", "p95Ms", "p99Ms"];

export const compareLines = ({ before, after, rows, notes }: Comparison, options: PageOptions = {}): string[] => {
  const { columns, paint } = pageOf(options);
  const [header = "", ...lines] = tableLines([HEADER, ...rows.map(cellsOf)], columns);
  return [
    paint("bold", `${printable(before)} > ${printable(after)}`),
    paint("dim", header),
    ...lines.map((line, index) => (isOnlyInOne(rows[index]) ? paint("yellow", line) : line)),
    ...notes.flatMap((note) => indented(printable(note), columns).map((line) => paint("yellow", line))),
  ];
};

const isOnlyInOne = (row: Compared | undefined): boolean => row?.before === null || row?.after === null;

const cellsOf = (row: Compared): string[] => {
  const { name, before, after, changePercent } = row;
  const title = `  ${name === null ? "all operations" : printable(name)}`;
  const where = before === null ? " (only after)" : after === null ? " (only before)" : "";
  return [
    title + where,
    pair(row, ({ count }) => countText(count)),
    pair(row, ({ errorPercent }) => `${errorPercent.toFixed(1)}%`),
    ...PERCENTILES.flatMap((key) => [
      pair(row, (figures) => (figures[key] === null ? "-" : msText(figures[key]))),
      changeText(changePercent[key]),
    ]),
  ];
};

const pair = ({ before, after }: Compared, text: (figures: Figures) => string): string =>
  `${before === null ? "-" : text(before)} > ${after === null ? "-" : text(after)}`;

/** `+12%`, `-3%`, `=` for what rounds to no change. */
const changeText = (percent: number | null): string => {
  if (percent === null) return "";
  const rounded = Math.round(percent);
  return rounded === 0 ? "=" : `${rounded > 0 ? "+" : ""}${rounded}%`;
};

/** The verdict as a table for people, below the summary of a run or alone. */

import { indented, type Page, type PageOptions, pageOf } from "../record/page.ts";
import { printable, shortened, wrapped } from "../record/text-table.ts";
import { actualText, azureText } from "./value-text.ts";
import type { CriterionResult, Verdict, VerdictResult } from "./verdict.ts";
import { hasAzureValues, headlineOf, rowTitle, sentencesOf } from "./verdict-words.ts";

const COLOUR = { PASSED: "green", FAILED: "red", INVALID: "yellow" } as const satisfies Record<VerdictResult, string>;
const ROW_COLOUR = { passed: null, failed: "red", undetermined: "yellow" } as const;
const GAP = "  ";

/** @returns lines with `\n` between and at the end */
export const verdictText = (verdict: Verdict, options: PageOptions = {}): string => {
  const page = pageOf(options);
  const { paint, columns } = page;
  const facts = [printable(verdict.run.id), ...(verdict.profile === null ? [] : [`profile ${verdict.profile}`])];
  const sentences = sentencesOf(verdict).flatMap(({ text, isGrave }) =>
    indented(text, columns).map((line) => paint(isGrave ? "yellow" : "dim", line)),
  );
  return `${[
    paint(COLOUR[verdict.result], paint("bold", `gate: ${headlineOf(verdict)}`)),
    paint("dim", shortened(facts.join(", "), columns)),
    ...tableOf(verdict, page),
    ...sentences,
  ].join("\n")}\n`;
};

/** The values stay in sight: a criterion with a long name is shortened, and a remark stands on a line of its own. */
const tableOf = (verdict: Verdict, { columns, paint }: Page): string[] => {
  if (verdict.rows.length === 0) return [];
  const withAzure = hasAzureValues(verdict);
  const cells = verdict.rows.map((row) => [actualText(row), ...(withAzure ? [azureText(row)] : []), row.status]);
  const header = ["measured", ...(withAzure ? ["at Azure"] : []), ""];
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const rest = widths.reduce((sum, width) => sum + GAP.length + width, 0);
  const room = columns - GAP.length - rest;
  const titles = verdict.rows.map((row) => rowTitle(row, room));
  const first = Math.min(Math.max(HEADER.length, ...titles.map(({ length }) => length)), room);
  const line = (title: string, values: readonly string[]): string =>
    [
      `${GAP}${shortened(title, first).padEnd(first)}`,
      // The status is a word, and words begin together.
      ...values.map((value, column) => (column === widths.length - 1 ? value : value.padStart(widths[column] ?? 0))),
    ]
      .join(GAP)
      .trimEnd();
  return [
    paint("dim", line(HEADER, header)),
    ...verdict.rows.flatMap((row, index) => [
      painted(row, line(titles[index] ?? "", cells[index] ?? []), paint),
      ...remarkLines(row, columns).map((text) => paint("dim", text)),
    ]),
  ];
};

const HEADER = "fails when";

const painted = ({ status }: CriterionResult, text: string, paint: Page["paint"]): string => {
  const colour = ROW_COLOUR[status];
  return colour === null ? text : paint(colour, text);
};

/** Why a row is undetermined is said below the table already. */
const remarkLines = ({ status, remark }: CriterionResult, columns: number): string[] =>
  remark === null || status === "undetermined"
    ? []
    : wrapped(printable(remark), columns - 6).map((line) => `      ${line}`);

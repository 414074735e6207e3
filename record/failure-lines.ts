/** The summary's table of failures: how often which operation failed why, with an example. */
import { countText } from "./duration-text.ts";
import type { Page } from "./page.ts";
import type { RunRecord } from "./read-run.ts";
import { OUTCOMES, type Outcome, REASONS } from "./reason.ts";
import { printable, shortened } from "./text-table.ts";

/** Reasons that the table shows by name; the rest is one line. */
const MOST_REASONS = 12;

/** What was cut off before its answer says nothing about the server. */
type Failure = Exclude<Outcome, "ok" | "cancelled">;

interface FailureRow {
  readonly name: string;
  readonly outcome: Failure;
  readonly count: number;
}

export const failureLines = ({ file, failures }: RunRecord, { columns, paint }: Page): string[] => {
  const rows: FailureRow[] = [];
  for (const [name, { outcomes }] of Object.entries(file.operations)) {
    for (const outcome of OUTCOMES) {
      const count = outcomes[outcome]?.count ?? 0;
      if (outcome !== "ok" && outcome !== "cancelled" && count !== 0) rows.push({ name, outcome, count });
    }
  }
  if (rows.length === 0) return [];
  rows.sort((a, b) => b.count - a.count);
  const lines = [paint("bold", "failures")];
  const shown = rows.slice(0, MOST_REASONS);
  const countWidth = Math.max(...shown.map(({ count }) => countText(count).length));
  const outcomeWidth = Math.max(...shown.map(({ outcome }) => outcome.length));
  for (const { name, outcome, count } of shown) {
    const head = `  ${countText(count).padStart(countWidth)}  ${outcome.padEnd(outcomeWidth)}  `;
    lines.push(head + shortened(printable(name), columns - head.length));
    const example = failures.find((group) => group.name === name && group.outcome === outcome)?.samples[0];
    const text = `${REASONS[outcome].text}${example ? `; e.g. ${printable(example)}` : ""}`;
    lines.push(paint("dim", cut(`${" ".repeat(countWidth + 4)}${text}`, columns)));
  }
  const rest = rows.slice(MOST_REASONS);
  if (rest.length > 0) {
    lines.push(`  and ${countText(rest.reduce((total, { count }) => total + count, 0))} of ${rest.length} other kinds`);
  }
  return lines;
};

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 2)}..`);

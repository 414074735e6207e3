/** The verdict as Markdown, fit for a job's summary and for a comment on a pull request. */

import { printable } from "../record/text-table.ts";
import { actualText, azureText } from "./value-text.ts";
import type { CriterionResult, Verdict, VerdictResult } from "./verdict.ts";
import { hasAzureValues, headlineOf, rowTitle, sentencesOf } from "./verdict-words.ts";

const MARK = { PASSED: "✅", FAILED: "❌", INVALID: "⚠️" } as const satisfies Record<VerdictResult, string>;
const ROW_MARK = { passed: "✅ passed", failed: "❌ failed", undetermined: "⚠️ undetermined" } as const;

export const verdictMarkdown = (verdict: Verdict): string => {
  const { result, run, rows, profile } = verdict;
  const withAzure = hasAzureValues(verdict);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const header = ["fails when", "measured", ...(withAzure ? ["at Azure"] : []), "result"];
  const facts = [
    `run ${code(run.id)}`,
    `${run.operations} operations`,
    `${run.failures} failed`,
    ...(profile === null ? [] : [`profile ${profile}`]),
  ];
  return [
    `### ${MARK[result]} gate: ${headlineOf(verdict)}`,
    "",
    facts.join(", "),
    "",
    ...(rows.length === 0 ? [] : [line(header), line(header.map((_, column) => (column === 0 ? "---" : "---:")))]),
    ...rows.map((row) =>
      line([code(rowTitle(row)), actualText(row), ...(withAzure ? [azureText(row)] : []), resultOf(row)]),
    ),
    ...(rows.length === 0 ? [] : [""]),
    ...sentencesOf(verdict).map(({ text, isGrave }) => `- ${isGrave ? `**${plain(text)}**` : plain(text)}`),
    "",
  ].join("\n");
};

const resultOf = ({ status, remark }: CriterionResult): string =>
  remark === null || status === "undetermined" ? ROW_MARK[status] : `${ROW_MARK[status]}: ${plain(remark)}`;

/**
 * A fence longer than any inside. A table's cell ends at `|` even in code, and what a backslash before it means differs:
 * with either of them the code is written in entities.
 */
const code = (text: string): string => {
  const shown = printable(text);
  if (/[|\\]/.test(shown)) return `<code>${shown.replaceAll(/[^\p{L}\p{N} ]/gu, entity)}</code>`;
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
};

const entity = (character: string): string => `&#${character.codePointAt(0)};`;

/**
 * Names and answers come from servers: no markup, no list, no link, no mention of a person or an issue. Links and mentions
 * are found in what is rendered, where no escape is left: an invisible space stands in them.
 */
const plain = (text: string): string =>
  printable(text)
    .trim()
    .replaceAll(/[\\`*_[\]|~$]/g, "\\$&")
    .replace(/^(\d*)([-+=.)])/, "$1\\$2")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[@#]|:(?=\/\/)|www(?=\.)/gi, "$&\u200b");

/** The verdict as Markdown, fit for a job's summary and for a comment on a pull request. */

import { code, plain } from "../record/markdown-text.ts";
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

/** The sentences that the verdict has in every form: table, Markdown, JUnit. */

import { printable, shortened } from "../record/text-table.ts";
import type { CriterionResult, Verdict } from "./verdict.ts";

/** `FAILED, 2 of 6 criteria are broken` */
export const headlineOf = ({ result, rows }: Verdict): string => {
  const broken = rows.filter(({ status }) => status === "failed").length;
  const of = `${rows.length} ${rows.length === 1 ? "criterion" : "criteria"}`;
  if (result === "INVALID") return "INVALID, this run cannot be judged";
  if (result === "PASSED") return `PASSED, none of ${of} is broken`;
  return `FAILED, ${broken} of ${of} ${broken === 1 ? "is" : "are"} broken`;
};

/** `github:tools/call:get_me: p95(response_time_ms) > 1000 (local)`, where there is no room with a shorter name. */
export const rowTitle = (
  { criterion, request, isLocal, kind }: CriterionResult,
  width = Number.POSITIVE_INFINITY,
): string => {
  const text = printable(`${criterion}${isLocal && kind === "client" ? " (local)" : ""}`);
  if (request === null) return text;
  const room = Math.max(LEAST_NAME, width - text.length - 2);
  return `${shortened(printable(request), room)}: ${text}`;
};

const LEAST_NAME = 12;

/** One sentence each: what makes it INVALID first, then what there is to know. */
export const sentencesOf = ({ result, invalid, notes }: Verdict): readonly { text: string; isGrave: boolean }[] => [
  ...invalid.map((text) => ({ text: printable(text), isGrave: result === "INVALID" })),
  ...notes.map((text) => ({ text: printable(text), isGrave: false })),
];

/** Whether Azure's own values are there to be shown beside ours. */
export const hasAzureValues = ({ rows }: Verdict): boolean =>
  rows.some(({ kind, azure }) => kind === "client" && azure !== null);

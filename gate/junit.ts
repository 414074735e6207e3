/**
 * The verdict as JUnit XML, for pipelines: a test case for each criterion, and one for whether the run can be judged at
 * all. An undetermined criterion is skipped; that it makes the run INVALID is the error of the last one.
 */

import { actualText } from "./value-text.ts";
import type { CriterionResult, Verdict } from "./verdict.ts";
import { headlineOf, rowTitle, sentencesOf } from "./verdict-words.ts";
import { xmlAttributes as attributes, xmlText as escaped } from "./xml-text.ts";

const SUITE = "swarmbridge gate";

export const junitXml = (verdict: Verdict): string => {
  const { rows, result, invalid, run } = verdict;
  const count = (status: CriterionResult["status"]): number => rows.filter((row) => row.status === status).length;
  const isInvalid = result === "INVALID";
  const counts = attributes({
    tests: rows.length + 1,
    failures: count("failed"),
    errors: isInvalid ? 1 : 0,
    skipped: count("undetermined"),
    time: Math.max(0, run.seconds),
  });
  const name = attributes({ name: `${SUITE}: ${run.id}`, timestamp: run.startedAt.replace(/(?:\.\d+)?Z$/, "") });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: SUITE })}${counts}>`,
    `  <testsuite${name}${counts}>`,
    ...rows.map(caseOf),
    isInvalid
      ? `    <testcase${CASE}${attributes({ name: JUDGEABLE })}><error${attributes({ message: headlineOf(verdict), type: "INVALID" })}>${escaped(invalid.join("\n"))}</error></testcase>`
      : `    <testcase${CASE}${attributes({ name: JUDGEABLE })}/>`,
    `    <system-out>${escaped([headlineOf(verdict), ...sentencesOf(verdict).map(({ text }) => text)].join("\n"))}</system-out>`,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
};

const JUDGEABLE = "the run can be judged";

const caseOf = (row: CriterionResult): string => {
  const open = `    <testcase${CASE}${attributes({ name: rowTitle(row) })}`;
  const said = [actualText(row), ...(row.remark === null ? [] : [row.remark])]
    .filter((text) => text !== "-")
    .join(", ");
  if (row.status === "passed") return `${open}/>`;
  if (row.status === "undetermined")
    return `${open}><skipped${attributes({ message: said || "undetermined" })}/></testcase>`;
  return `${open}><failure${attributes({ message: said || "failed", type: row.kind })}>${escaped(`${rowTitle(row)}: ${said || "failed"}`)}</failure></testcase>`;
};

const CASE = attributes({ classname: "swarmbridge.gate" });

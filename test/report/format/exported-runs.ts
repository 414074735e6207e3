/** Runs to be exported, written as the bridge writes them. */
import type { Criterion } from "../../../gate/criterion.ts";
import { judge } from "../../../gate/judge.ts";
import { parseCriterion } from "../../../gate/parse-criterion.ts";
import type { Sample } from "../../../record/sample.ts";
import type { ExportedRun } from "../../../report/format/exported-run.ts";
import { resultsFolder, writeRecord } from "../../gate/written-record.ts";

/** Names that would do something in a spreadsheet, a page, a terminal, a report or a metric, if they could. */
export const HOSTILE = [
  '=HYPERLINK("http://evil.example","x")',
  "+1+cmd|' /C calc'!A0",
  "@SUM(A1)",
  "-2+3",
  '"quoted", and\r\nbroken',
  "</testcase><script>alert(1)</script>]]>&",
  "`code` | **bold** @someone #1 http://evil.example",
  "\u001b[2J\u0007\u202emoc.live",
  'x"} 1\nevil_total 7',
].map((target) => `learn:tools/call:${target}`);

export const exported = (samples: readonly Sample[], criteria: readonly string[] = []): ExportedRun => {
  const record = writeRecord(resultsFolder(), samples);
  return { record, verdict: judge(record, { profile: null, client: criteria.map(criterion), server: [] }) };
};

const criterion = (text: string): Criterion => {
  const parsed = parseCriterion(text, { request: null, isLocal: true });
  if ("criterion" in parsed) return parsed.criterion;
  throw new Error(parsed.fault);
};

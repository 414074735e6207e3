/** The end of a run at Azure, for people and programs: results, signatures, verdict, link, exit code. */

import { join, relative } from "node:path";
import type { AzureError } from "../../azure/azure-error.ts";
import type { MergedResults } from "../../azure/engines/engine-results.ts";
import type { RemoteRun } from "../../azure/plane/data-plane.ts";
import { DOWNLOADS } from "../../azure/run/fetch-results.ts";
import { finishRun } from "../../azure/run/finish-run.ts";
import { isRecorded } from "../../azure/run/record-run.ts";
import { type RunPlace, writeRunPlace } from "../../azure/run/run-place.ts";
import { placeWith } from "../../azure/run/submit.ts";
import { diagnose } from "../../diagnosis/diagnose.ts";
import { findingLines } from "../../diagnosis/finding-lines.ts";
import { judge } from "../../gate/judge.ts";
import type { Verdict } from "../../gate/verdict.ts";
import { verdictJson } from "../../gate/verdict-json.ts";
import { verdictText } from "../../gate/verdict-text.ts";
import { pageOf } from "../../record/page.ts";
import { type RunRecord, readRun } from "../../record/read-run.ts";
import { signatureLines, signatures } from "../../record/signature.ts";
import { summarize } from "../../record/summary.ts";
import { printable } from "../../record/text-table.ts";
import { exitCodeOfAzureError } from "../exit-code.ts";
import { EXIT_OF_RESULT } from "../gate.ts";
import { type RunDesk, recordedOf, runDirOf } from "./run-desk.ts";
import { errorJson, printReport, runJson } from "./run-report.ts";

/**
 * @param run in one of its last states
 * @returns the exit code, of the gate
 * @throws {AzureError} why the run did not end as planned, after all that is known of it was said; or its results cannot be had
 */
export const endOfRun = async (desk: RunDesk, place: RunPlace, run: RemoteRun): Promise<number> => {
  const runDir = runDirOf(desk, place);
  writeRunPlace(runDir, placeWith(place, run));
  const finished = await finishRun(desk.context, run, recordedOf(desk, place)).catch((error: unknown) => {
    if (run.portalUrl !== null) desk.screen.say(`portal  ${printable(run.portalUrl)}`);
    throw error;
  });
  desk.screen.close();
  const record = isRecorded(runDir) ? readRun(runDir) : null;
  // A run that was ended before its time says nothing about what would have come.
  const verdict = record === null || finished.failure !== null ? null : judge(record, desk.file.failureCriteria);
  const ended: Ended = {
    place,
    run: finished.run,
    merged: finished.merged,
    record,
    verdict,
    failure: finished.failure,
  };
  if (desk.isJson) return printJson(desk, ended);
  printText(desk, ended);
  if (finished.failure !== null) throw finished.failure;
  return verdict === null ? EXIT_OF_RESULT.INVALID : EXIT_OF_RESULT[verdict.result];
};

interface Ended {
  readonly place: RunPlace;
  readonly run: RemoteRun;
  readonly merged: MergedResults | null;
  readonly record: RunRecord | null;
  readonly verdict: Verdict | null;
  readonly failure: AzureError | null;
}

const printText = (desk: RunDesk, { place, run, record, verdict }: Ended): void => {
  const { print, style, redactor } = desk.output;
  const page = { columns: style.columns, color: style.bold("") !== "" };
  const say = (text: string): void => print(redactor.clean(text.trimEnd()));
  if (record !== null) {
    say(`\n${summarize(record, { ...page, verdict: (on) => findingLines(diagnose(record), on) })}`);
    say(`\n${signatureLines(signatures(record), pageOf(page)).join("\n")}`);
  }
  if (verdict !== null) say(`\n${verdictText(verdict, page)}`);
  const portal = run.portalUrl ?? place.portalUrl;
  const files = relative(process.cwd(), join(runDirOf(desk, place), DOWNLOADS));
  say(`\nfiles   ${files}${record === null ? "  (no results)" : ""}`);
  if (portal !== null) say(`portal  ${printable(portal)}`);
};

const printJson = (desk: RunDesk, { place, run, merged, record, verdict, failure }: Ended): number => {
  const judged = verdict === null ? EXIT_OF_RESULT.INVALID : EXIT_OF_RESULT[verdict.result];
  return printReport(desk.output, failure === null ? judged : exitCodeOfAzureError(failure), {
    run: runJson(place, run),
    record: record === null ? null : runDirOf(desk, place),
    source: merged?.source ?? null,
    note: merged?.note ?? null,
    verdict: verdict === null ? null : JSON.parse(verdictJson(verdict)),
    error: failure === null ? null : errorJson(failure),
  });
};

/** The one JSON object that a command about a run prints with `--json`, however it ends: what is known by then. */

import type { RemoteRun } from "../../azure/plane/data-plane.ts";
import type { RunPlace } from "../../azure/run/run-place.ts";
import type { Output } from "../output.ts";
import { toldOf } from "../tell-error.ts";

/** Grows when a field changes its meaning or goes away, not when one is added. */
const VERSION = 1;

/** @returns the exit code */
export const printReport = (
  { print, redactor }: Pick<Output, "print" | "redactor">,
  exitCode: number,
  known: Readonly<Record<string, unknown>>,
): number => {
  print(redactor.cleanJson(JSON.stringify({ version: VERSION, exitCode, ...known })));
  return exitCode;
};

/**
 * An error with the run that it is about.
 * @returns the exit code
 * @throws the error itself, when nobody asked for JSON or there is no run
 */
export const reportError = (
  error: unknown,
  { output, isJson, run }: { readonly output: Output; readonly isJson: boolean; readonly run: RunJson | null },
): number => {
  if (!isJson || run === null) throw error;
  return printReport(output, toldOf(error).exitCode, { run, error: errorJson(error) });
};

/** As `tellError` has it. */
export const errorJson = (error: unknown) => {
  const { code, lines, next } = toldOf(error);
  return { code, lines, next };
};

export type RunJson = ReturnType<typeof runJson>;

/** Of a run, as all `--json` of these commands have it. Never a link to files: such a link is a secret. */
export const runJson = (place: Pick<RunPlace, "portalUrl"> | null, run: RemoteRun) => ({
  testRunId: run.testRunId,
  testId: run.testId,
  state: run.status as string,
  result: run.testResult,
  startedAt: run.startDateTime,
  endedAt: run.endDateTime,
  users: run.virtualUsers,
  portalUrl: run.portalUrl ?? place?.portalUrl ?? null,
});

/** The same of a run of which Azure has told nothing yet. */
export const placeJson = ({ testRunId, testId, state, portalUrl }: RunPlace): RunJson => ({
  testRunId,
  testId,
  state,
  result: null,
  startedAt: null,
  endedAt: null,
  users: null,
  portalUrl,
});

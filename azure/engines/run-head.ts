/** What is known of a run at Azure besides its results, and goes into the head of its record. */
import type { AzureOutcome } from "../../record/azure-outcome.ts";
import type { EngineOrigin, Origin } from "../../record/origin.ts";
import type { RunFile } from "../../record/run-file.ts";

/** `id` is the run's id at Azure and the folder's name; dates are ISO 8601. `plan` is that of the whole run. */
export interface RunHead extends Pick<RunFile, "id" | "startedAt" | "plan" | "versions" | "servers"> {
  readonly testId: string;
  readonly endedAt: string;
  readonly endReason: string;
  readonly outcome: AzureOutcome;
}

/** @param engineCount how many engines the run had */
export const originOf = (head: RunHead, engineCount: number, engine: EngineOrigin): Origin => ({
  kind: "azure",
  testRunId: head.id,
  testId: head.testId,
  engineCount,
  clocks: "unchecked",
  engines: [engine],
  unused: [],
  outcome: head.outcome,
});

/** What an export is made of: one run and what the gate says of it. Each format is a function of these. */
import type { Verdict } from "../../gate/verdict.ts";
import type { Kind } from "../../record/latency-log.ts";
import type { RunRecord } from "../../record/read-run.ts";
import type { Outcome } from "../../record/reason.ts";

export interface ExportedRun {
  readonly record: RunRecord;
  readonly verdict: Verdict;
}

/** What of the times is wanted; an empty list is all. */
export interface SeriesFilter {
  readonly names: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly kinds: readonly Kind[];
}

/** From the first commit of the record to its last. Seconds, never 0. */
export const runSeconds = ({ file: { startedAt, endedAt, updatedAt } }: RunRecord): number =>
  Math.max(0.001, (Date.parse(endedAt ?? updatedAt) - Date.parse(startedAt)) / 1000);

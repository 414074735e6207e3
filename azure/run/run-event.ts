/** What happens on the way of a run, as data. The command prints it; nothing here knows a terminal. */

import type { RunState } from "../plane/data-plane.ts";

/** What the metrics say of the last seconds; null: not known (yet). */
export interface LiveFigures {
  readonly users: number | null;
  readonly requestsPerSecond: number | null;
  readonly errorPercent: number | null;
  readonly p95Ms: number | null;
}

export type RunEvent =
  | { readonly what: "test"; readonly testId: string; readonly change: "created" | "updated" | "unchanged" }
  /** `unchanged`: Azure has it from an earlier upload of the same bytes. */
  | { readonly what: "file-kept" | "file-removed"; readonly name: string }
  | { readonly what: "uploading"; readonly name: string; readonly sentBytes: number; readonly ofBytes: number }
  | { readonly what: "uploaded"; readonly name: string; readonly bytes: number }
  | { readonly what: "validating"; readonly names: readonly string[]; readonly elapsedMs: number }
  | { readonly what: "validated" }
  | { readonly what: "started"; readonly testRunId: string; readonly portalUrl: string | null }
  /** Its start was asked for, no answer came, and nobody asks again. */
  | { readonly what: "start-unknown"; readonly testRunId: string }
  | { readonly what: "state"; readonly state: RunState; readonly elapsedMs: number }
  | {
      readonly what: "progress";
      readonly state: RunState;
      readonly elapsedMs: number;
      readonly figures: LiveFigures;
    }
  /** Something that passes: the call is made again. */
  | { readonly what: "retry"; readonly error: Error; readonly pauseMs: number }
  | { readonly what: "reconnected" }
  | { readonly what: "awaiting-results"; readonly elapsedMs: number }
  | { readonly what: "downloading"; readonly name: string; readonly bytes: number; readonly ofBytes: number | null }
  | { readonly what: "downloaded"; readonly name: string }
  | { readonly what: "link-expired"; readonly name: string }
  | { readonly what: "note"; readonly text: string };

export type Tell = (event: RunEvent) => void;

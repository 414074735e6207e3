/** What passes between the bridge's thread and the recorder's. */
import type { Fact } from "./facts/fact-kinds.ts";
import type { LiveFigures } from "./live-figures.ts";
import type { DurationSnapshot } from "./metrics/run-metrics.ts";
import type { RecordErrorCode } from "./record-error.ts";
import type { RunIdentity, Totals } from "./recorder.ts";
import type { Gap } from "./run-file.ts";
import type { FailureSample, Gauges, Tally } from "./sample.ts";

/** `workerData` of the recorder's thread. */
export interface ThreadStart {
  readonly identity: RunIdentity;
  readonly dir: string;
  /** Counts to which a record that is there already is brought before it is continued. */
  readonly tally: Tally | null;
  /** Counts of hidden requests below which the record must not stay, when a thread is replaced. */
  readonly hidden: Readonly<Record<string, number>>;
  readonly cause: Gap["cause"];
  readonly flushEveryMs: number;
}

export type ToThread =
  | {
      readonly op: "batch";
      readonly nowMs: number;
      /** Names that came since the last batch, in order of their numbers. */
      readonly names: readonly string[];
      readonly numbers: Float64Array<ArrayBuffer>;
      /** Second halves of the harness delay, and when each was told: pairs of ms. */
      readonly late: Float64Array<ArrayBuffer>;
      readonly hidden: readonly (readonly [name: string, times: number])[];
      readonly failures: readonly FailureSample[];
      readonly facts: readonly Fact[];
      readonly gauges: Gauges | null;
    }
  | { readonly op: "reconcile"; readonly tally: Tally; readonly cause: Gap["cause"] }
  /** Answered with `durations`. */
  | { readonly op: "durations" }
  /** Answered with `live`. */
  | { readonly op: "live" }
  | { readonly op: "stop"; readonly endReason: string; readonly tally: Tally | null; readonly nowMs: number };

export type FromThread =
  | { readonly op: "ready"; readonly totals: Totals }
  | {
      readonly op: "refused";
      readonly code: RecordErrorCode;
      readonly detail: Readonly<Record<string, string | number>>;
    }
  /** A batch was taken in. */
  | { readonly op: "taken"; readonly samples: number }
  | { readonly op: "durations"; readonly durations: DurationSnapshot }
  | { readonly op: "live"; readonly live: LiveFigures }
  | { readonly op: "warning"; readonly text: string }
  | { readonly op: "stopped"; readonly totals: Totals };

/** What a run measured, as monitoring systems take it: named families of labelled values. Knows no format. */
import type { DurationCounts } from "./duration-counts.ts";

export type Labels = Readonly<Record<string, string>>;

interface Described {
  /** With the unit, and `_total` for a counter: `swarmbridge_operations_total`. */
  readonly name: string;
  readonly help: string;
}

/** Counts only rise while a run goes on, but for calls that a failed `expect` moves from one outcome to another (HighMarks). */
export interface NumberFamily extends Described {
  readonly type: "counter" | "gauge";
  readonly samples: readonly { readonly labels: Labels; readonly value: number }[];
}

export interface DurationFamily extends Described {
  readonly type: "histogram";
  readonly samples: readonly { readonly labels: Labels; readonly value: DurationCounts }[];
}

/** A sum and a count, without classes. */
export interface SumFamily extends Described {
  readonly type: "summary";
  readonly samples: readonly {
    readonly labels: Labels;
    readonly value: { readonly count: number; readonly sum: number };
  }[];
}

export type MetricFamily = NumberFamily | DurationFamily | SumFamily;

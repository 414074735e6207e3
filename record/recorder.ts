import type { Fact } from "./facts/fact-kinds.ts";
import type { LiveFigures } from "./live-figures.ts";
import type { DurationSnapshot } from "./metrics/run-metrics.ts";
import type { Outcome } from "./reason.ts";
import type { FailureSample, Gauges, Sample, Tally } from "./sample.ts";

/** What ran where against what: the part of a run record that is known before the first call. No secrets. */
export interface RunIdentity {
  /** Same for every process of one run; also the folder's name under `results/`. */
  readonly id: string;
  /** `null` for a run of one process, else the part's name (`worker-0`): written to `parts/<part>/`. */
  readonly part: string | null;
  /** ISO 8601, wall clock. */
  readonly startedAt: string;
  /** Monotonic clock of the bridge at the same moment. */
  readonly startedMs: number;
  /** Users, spawn rate, run time, locustfile, ... as Locust was given them. */
  readonly plan: Readonly<Record<string, string | number | null>>;
  /** Versions by program: swarmbridge, node, locust, python, os. */
  readonly versions: Readonly<Record<string, string>>;
  /** The servers without secrets (config's `describe`). */
  readonly servers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Counts by outcome per name, what auth did, HTTP requests MCP made on its own, since the start of the run. */
export interface Totals {
  readonly operations: Tally;
  /** By the names of `section.ts`. */
  readonly auth: Tally;
  readonly turns: Tally;
  readonly arrivals: Tally;
  /** How long what is in `auth` took, over all outcomes, where it has a time. */
  readonly authTimes: Readonly<Record<string, { readonly count: number; readonly sumMs: number }>>;
  readonly hidden: Readonly<Record<string, number>>;
}

/** Of a run without a record. */
export const NO_TOTALS: Totals = { operations: {}, auth: {}, turns: {}, arrivals: {}, authTimes: {}, hidden: {} };

/**
 * Where the bridge puts what it measured. The calls on the hot path only append to a batch: histograms, percentiles
 * and files are the business of another thread, so that a slow disk never delays a call.
 */
export interface Recorder {
  /** Folder of the run record. */
  readonly dir: string;
  /** An ended operation; or what belongs to another section (`section.ts`), by its name: it is kept the same way, apart. */
  operation(sample: Sample): void;
  failure(sample: FailureSample): void;
  /** Second half of the harness delay: last byte of an answer to its delivery in the greenlet. */
  delivered(lateMs: number): void;
  /** One HTTP request that MCP made on its own (`learn:notifications/initialized`, `learn:GET stream`, ...). */
  hidden(name: string): void;
  /** A call that was already recorded gets another outcome (a failed `expect`): moves its count and its times. */
  move(sample: Sample, to: Outcome): void;
  /** What is no operation: one of the kinds in `facts/`. */
  fact(fact: Fact): void;
  gauges(gauges: Gauges): void;
  totals(): Promise<Totals>;
  /** What has been recorded of durations up to now; null when the thread does not say in time. Costs its thread some ms. */
  durations(): Promise<DurationSnapshot | null>;
  /** What the run has come to up to now; null as with `durations`. */
  live(): Promise<LiveFigures | null>;
  /**
   * Writes everything and ends the thread. `tally` is Python's own count: what it has and the histograms lack (a bridge
   * was killed) is added as counts without times, and the record says so.
   */
  stop(endReason: string, tally: Tally | null): Promise<void>;
}

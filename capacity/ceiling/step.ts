/** One level of a search for the session ceiling: so many at once, for so long, and what came of it. */

/** What is counted: sessions with one caller each, or callers that share one session. They press a server differently. */
export const SHAPES = ["sessions", "calls"] as const;
export type Shape = (typeof SHAPES)[number];

/** One of the consecutive parts of a step. Their spread says how far the step can be trusted. */
export interface Batch {
  /** Tool calls that ended, and how many of them failed. */
  readonly calls: number;
  readonly failures: number;
  /** Service times of ok calls: smallest value of an HDR bucket in µs, and how many. */
  readonly times: readonly (readonly [us: number, count: number])[];
}

/** Into how many parts a step is cut: few and long, as what waits in one queue is slow for some seconds together. */
export const BATCHES = 6;

export interface StepMeasure {
  /** Sessions (or callers in one session) that were asked for. */
  readonly sessions: number;
  /** Most of them that were there at once. */
  readonly opened: number;
  /** Handshakes that failed, over the whole step. */
  readonly refused: number;
  /** Without the warm-up, as is all that follows. */
  readonly batches: readonly Batch[];
  readonly seconds: number;
  /** Calls that ended within these seconds, which those under way at their end did not; null: all did. */
  readonly endedInTime: number | null;
  /** Why the generator itself was the bottleneck, if it was: such a step proves nothing about the server. */
  readonly saturation: readonly string[];
  /** Why the step did not run to its end, if it did not: it proves nothing either. */
  readonly cutOff: string | null;
  /** Folder of the step's record, relative to the search's; null on a simulated clock. */
  readonly dir: string | null;
}

/** Runs one level. Never rejects for what a server does: that is what it measures. */
export type RunStep = (sessions: number) => Promise<StepMeasure>;

/** When a level is broken. */
export interface Limits {
  /** More than one ok tool call in a hundred takes longer. */
  readonly p99Ms: number;
  /** A larger share of the tool calls fails. */
  readonly errorPercent: number;
}

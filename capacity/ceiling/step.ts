/** One level of a search for the session ceiling: so many sessions at once, for so long. */

export interface StepMeasure {
  /** Sessions that were asked for. */
  readonly sessions: number;
  /** Tool calls that ended, and how many of them failed. Sessions that could not be opened are failures of their handshake. */
  readonly calls: number;
  readonly failures: number;
  /** Of ok tool calls, service time. 0 when there was none. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly callsPerSecond: number;
  readonly seconds: number;
  /** Why the generator itself was the bottleneck, if it was: such a step proves nothing about the server. */
  readonly saturation: readonly string[];
  /** Folder of the step's record; null on a simulated clock. */
  readonly dir: string | null;
}

/** Runs one level. Never rejects for what a server does: that is what it measures. */
export type RunStep = (sessions: number) => Promise<StepMeasure>;

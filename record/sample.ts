import type { Outcome } from "./reason.ts";

/**
 * One ended operation, as the bridge hands it to the recorder. Times are milliseconds of the bridge's monotonic clock
 * (`performance.now()`), durations are milliseconds; a duration that was not reached (no headers came) is absent.
 * What each one means: docs/measurement.md.
 */
export interface Sample {
  /** Name in the statistics: `server:method[:target]`. */
  readonly name: string;
  readonly outcome: Outcome;
  /** When the operation ended, monotonic clock. Its second in the timeline. */
  readonly endMs: number;
  /** Request handed to the socket to last byte of its answer. Absent if it never reached a socket. */
  readonly serviceMs?: number | undefined;
  /** Intended start (in Python) to the same end. */
  readonly responseMs?: number | undefined;
  /** Handed to the socket to status line and headers. */
  readonly headersMs?: number | undefined;
  /** Handed to the socket to first SSE event or body byte. */
  readonly firstEventMs?: number | undefined;
  /** Waiting for a socket: connect and TLS where a new one was needed. Network, not harness. */
  readonly connectMs?: number | undefined;
  /** First half of the harness delay: intended start to handed to the dispatcher, less what our own guard held back. */
  readonly beforeMs?: number | undefined;
  /** Operations of the same server that were under way in this process when it began, itself included. */
  readonly underWay?: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** A failure's example for `failures.json`. `detail` is already redacted and bounded by the bridge. */
export interface FailureSample {
  readonly name: string;
  readonly outcome: Outcome;
  readonly detail: string;
}

/** What the bridge reads off itself and its Locust process once a second. */
export interface Gauges {
  readonly sessionsOpen: number;
  /** The same by server, where the bridge knows it: the summary's sessions per server. */
  readonly sessionsByServer?: Readonly<Record<string, number>> | undefined;
  readonly operationsInFlight: number;
  readonly users: number;
  readonly eventLoopDelayP99Ms: number;
  readonly eventLoopDelayMaxMs: number;
  /** CPU seconds used in this second, 1.0 = one core. */
  readonly bridgeCpu: number;
  readonly locustCpu: number | null;
  readonly bridgeRssBytes: number;
  /** Share of the second in which the bridge's main thread was busy, waiting for its core included. */
  readonly bridgeBusy?: number | undefined;
  /** Share of the second in which a main thread was ready to run and had no core (Linux: `schedstat`). */
  readonly bridgeWaited?: number | undefined;
  readonly locustWaited?: number | undefined;
  /** How late Locust's greenlets woke up: the ninth of ten, ms. */
  readonly locustLateMs?: number | undefined;
  /** A line from Python's hand into ours, ms: one line a second. */
  readonly linkLagMs?: number | undefined;
  /** Share of the time of all cores that the process may use in which somebody used them. */
  readonly machineBusy?: number | undefined;
  /** Share of the periods of the container's CPU quota in which it was used up, and all stood still for the rest. */
  readonly throttled?: number | undefined;
  /** Of what the process may have open at once. */
  readonly openFilesShare?: number | undefined;
  /** Of what JavaScript may take. */
  readonly heapShare?: number | undefined;
  /** Of the machine's memory, or of the container's: what everybody took, less what could be given back. */
  readonly memoryShare?: number | undefined;
}

/** Counts by outcome, to be filled. */
export type Counts = Partial<Record<Outcome, number>>;

/** Counts by name and outcome, as Python keeps them. */
export type Tally = Readonly<Record<string, Readonly<Counts>>>;

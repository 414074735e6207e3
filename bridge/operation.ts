import type { Reason } from "../record/reason.ts";

/** Why an operation failed. `detail` may quote the server: it is bounded and redacted before it leaves the bridge. */
export interface Failure {
  readonly reason: Reason;
  readonly detail?: string;
  /** JSON-RPC error code or HTTP status. */
  readonly code?: number;
  readonly retryAfterMs?: number;
}

/** How an operation ended, with what the server said where it said something. A `tool-error` carries both. */
export type Ending =
  | { readonly failure: null; readonly result: unknown }
  | { readonly failure: Failure; readonly result?: unknown };

/**
 * One operation on its way: the stamps that the transport takes (bridge's monotonic clock, ms; docs/measurement.md)
 * and what it counted. One operation may be several HTTP requests (pages, rounds): the first `sent` and the last
 * `end` count. Requests that MCP makes on its own never write here.
 */
export class Operation {
  readonly id: number;
  /** Intended start, as Python meant it. */
  readonly intendedMs: number;
  /** Time that our own guard held it back: not the harness's delay, not the server's time. */
  heldMs = 0;
  /** Handed to the HTTP dispatcher. */
  dispatchedMs = 0;
  /** Handed to the socket. 0: never reached one. */
  sentMs = 0;
  headersMs = 0;
  firstEventMs = 0;
  /** Last byte of the answer, or the moment of the failure. */
  endMs = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** HTTP requests made for it. */
  requests = 0;
  /** Set by whoever ends the operation before its answer: the time limit, a cancel, a lost stream. First one wins. */
  failure: Failure | null = null;

  constructor(id: number, intendedMs: number) {
    this.id = id;
    this.intendedMs = intendedMs;
  }

  fail(failure: Failure): void {
    this.failure ??= failure;
  }

  /** Forgets a probe that turned out not to be the handshake; its time is nobody's delay. */
  restart(nowMs: number): void {
    this.heldMs += nowMs - this.dispatchedMs;
    this.dispatchedMs = 0;
    this.sentMs = 0;
    this.headersMs = 0;
    this.firstEventMs = 0;
    this.endMs = 0;
    this.bytesIn = 0;
    this.bytesOut = 0;
    this.requests = 0;
  }
}

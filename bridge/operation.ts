import type { Results } from "../config/settings.ts";
import type { Reason } from "../record/reason.ts";
import type { BurstPlace } from "./bursts.ts";
import type { Marked } from "./canary.ts";
import { StreamTimes } from "./stream-times.ts";
import type { TraceContext } from "./telemetry/trace-context.ts";
import type { ResultDigest } from "./transport/large/answer-scan.ts";

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

interface ForgottenExchange {
  readonly tookMs: number;
  readonly bytesOut: number;
  /** True when the operation's stamps so far are all its own. */
  readonly isFirst: boolean;
}

/**
 * One operation on its way: the stamps that the transport takes (bridge's monotonic clock, ms; docs/measurement.md)
 * and what it counted. One operation may be several HTTP requests (pages, rounds): the first `sent` and the last
 * `end` count. Requests that MCP makes on its own never write here.
 */
export class Operation {
  readonly id: number;
  /** Intended start, as Python meant it. */
  readonly intendedMs: number;
  /** Of the time since then, how long it waited for a free user, under an arrival rate. */
  readonly waitedMs: number;
  /** Set when it was sent at once with others. */
  burst: BurstPlace | undefined = undefined;
  /** Time that it was not meant to go on (our own guard, a credential): not the harness's delay, not the server's time. */
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
  /** Operations of its server under way when it began, itself included; 0 before it began. */
  underWay = 0;
  /** HTTP requests made for it, refused ones that were repeated included: somebody's server had to answer them all. */
  requests = 0;
  /** True when the server refused the credential of one of its requests, which was sent once more with another. */
  isRepeated = false;
  /** What is to become of its result. */
  results: Results = "kept";
  /** Of a result that was hashed. */
  digest: ResultDigest | null = null;
  /** What it holds of the room for results (`kept-results.ts`). */
  keptBytes = 0;
  /** Set when its answer is looked through for marks (`canary` of its server). */
  marked: Marked | null = null;
  /** Its call carries a progress token. */
  asksForProgress = false;
  /** Sent with its requests, where the configuration wants it. */
  trace: TraceContext | null = null;
  /** Set when its answer is a stream of more than one event. */
  stream: StreamTimes | null = null;
  #lastEventMs = 0;
  /** Set by whoever ends the operation before its answer: the time limit, a cancel, a lost stream. First one wins. */
  failure: Failure | null = null;
  #pausedMs = 0;
  #pauses = 0;

  constructor(id: number, intendedMs: number, waitedMs = 0) {
    this.id = id;
    this.intendedMs = intendedMs;
    this.waitedMs = waitedMs;
  }

  fail(failure: Failure): void {
    this.failure ??= failure;
  }

  /** An event with data has come. Most answers are one, and then nothing is kept. */
  hearEvent(atMs: number): void {
    const gapMs = this.#lastEventMs === 0 ? -1 : atMs - this.#lastEventMs;
    this.#lastEventMs = atMs;
    if (gapMs < 0) return;
    this.stream ??= new StreamTimes();
    this.stream.event(gapMs);
  }

  hearProgress(atMs: number): void {
    this.stream ??= new StreamTimes();
    this.stream.progress(atMs);
  }

  /** Its time stands still from now on, until as many `resume`: it waits for what is nobody's slowness. */
  pause(nowMs: number): void {
    if (this.#pauses === 0) this.#pausedMs = nowMs;
    this.#pauses += 1;
  }

  /** Ends a pause, where there is one. The pause is in no duration: what was stamped before it moves up to its end. */
  resume(nowMs: number): void {
    if (this.#pauses === 1) this.settle(nowMs);
    else if (this.#pauses > 1) this.#pauses -= 1;
  }

  /** Ends all pauses: the operation is over, whatever it still waits for. */
  settle(nowMs: number): void {
    if (this.#pauses === 0) return;
    this.#pauses = 0;
    // An operation whose answer had come before is settled with a moment that lies before the pause.
    this.#cut(this.#pausedMs, Math.max(0, nowMs - this.#pausedMs));
  }

  /** Takes an exchange out that counts for nothing: its time, its bytes, and its stamps when it was the first. */
  forget({ tookMs, bytesOut, isFirst }: ForgottenExchange): void {
    this.#cut(Number.POSITIVE_INFINITY, tookMs);
    this.bytesOut -= bytesOut;
    if (isFirst) this.#clearStamps();
  }

  /** Forgets a probe that turned out not to be the handshake; its time is nobody's delay. */
  restart(nowMs: number): void {
    this.heldMs += nowMs - this.dispatchedMs;
    this.#clearStamps();
    this.bytesIn = 0;
    this.bytesOut = 0;
    this.requests = 0;
    this.isRepeated = false;
  }

  /** Takes a span out of its time line: stamps up to its beginning move up to its end. */
  #cut(fromMs: number, lengthMs: number): void {
    const moved = (stampMs: number): number => (stampMs > 0 && stampMs <= fromMs ? stampMs + lengthMs : stampMs);
    this.heldMs += lengthMs;
    this.dispatchedMs = moved(this.dispatchedMs);
    this.sentMs = moved(this.sentMs);
    this.headersMs = moved(this.headersMs);
    this.firstEventMs = moved(this.firstEventMs);
    this.endMs = moved(this.endMs);
  }

  #clearStamps(): void {
    this.dispatchedMs = 0;
    this.sentMs = 0;
    this.headersMs = 0;
    this.firstEventMs = 0;
    this.endMs = 0;
  }
}

import type { JSONRPCMessage, JSONRPCRequest, JSONRPCResponse } from "@modelcontextprotocol/client";
import type { Failure, Operation } from "../operation.ts";
import { WireError } from "../outcome.ts";
import type { EventStream } from "./event-stream.ts";
import type { HttpExchange } from "./http-exchange.ts";
import { readIncoming } from "./json-rpc.ts";

/** A server may ask things while it works on a call; more than this is not an answer any more. */
const MAX_SERVER_REQUESTS = 1_000;
/** Resumed streams of one request that may end without having brought anything new, and in all. */
const MAX_EMPTY_RESUMES = 3;
const MAX_RESUMES = 100;
const RESUME_MS = 1_000;
const MIN_RESUME_MS = 10;

export interface PendingDeps {
  /** The operation on whose way it is, even when it is not the operation itself; null for none. */
  readonly owner: Operation | null;
  readonly clock: () => number;
  /** The server tells something on this request's stream. */
  readonly onNotification: (method: string, params: unknown, atMs: number) => void;
  /** Hands a message to the SDK in the context of this request. */
  readonly deliver: (message: JSONRPCMessage) => void;
  /** Opens a stream that goes on after this event; null where the era cannot. */
  readonly resume: ((request: PendingRequest, lastEventId: string) => HttpExchange) | null;
  /** Called once, with the failure or null. */
  readonly onSettled: (request: PendingRequest, error: WireError | null) => void;
}

/**
 * One JSON-RPC request from its POST to its answer, over as many connections as that takes. These can race, and the
 * first one settles it, later ones find it settled: the answer; a failure of its connection or stream; the end of a
 * stream without the answer; `fail` from outside (time limit, cancel, close of the session).
 */
export class PendingRequest {
  readonly id: string | number;
  readonly method: string;
  /** Null for a request that belongs to no operation: it takes no stamps. */
  readonly operation: Operation | null;
  /** What carries it now; given up when it fails. */
  exchange: HttpExchange | null = null;
  /** By which the server names the call in its progress notifications; undefined when it was not asked for any. */
  readonly progressToken: unknown;
  readonly #deps: PendingDeps;
  #isSettled = false;
  #serverRequests = 0;
  #resumes = 0;
  #emptyResumes = 0;
  #resumeTimer: NodeJS.Timeout | null = null;
  #lastEventId: string | null = null;

  constructor(message: JSONRPCRequest, operation: Operation | null, deps: PendingDeps) {
    this.id = message.id;
    this.method = message.method;
    this.operation = operation;
    this.progressToken = message.params?._meta?.progressToken;
    this.#deps = deps;
  }

  get owner(): Operation | null {
    return this.#deps.owner;
  }

  get isStateless(): boolean {
    return this.#deps.resume === null;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Messages that came for it; `atMs` is when their last byte did. */
  take(messages: readonly unknown[], atMs: number): void {
    for (const value of messages) {
      if (this.#isSettled) return;
      const incoming = readIncoming(value, this.id);
      if (incoming.kind === "answer") this.answer(incoming.message, atMs);
      else if (incoming.kind === "malformed") this.fail({ reason: "protocol", detail: incoming.why });
      else if (incoming.kind === "request") this.#ask(incoming.message);
      else if (incoming.kind === "notification") this.#deps.onNotification(incoming.method, incoming.params, atMs);
    }
  }

  answer(message: JSONRPCResponse, atMs: number): void {
    if (this.operation !== null) this.operation.endMs = atMs;
    // Before it counts as settled: a message that the SDK chokes on is a failure still.
    this.#deps.deliver(this.isStateless ? completed(message) : message);
    if (this.#isSettled) return;
    this.#settle(null);
    // A POST's stream is given time to end by itself; one that was opened to go on would stay for ever.
    if (this.#resumes > 0) this.exchange?.abort();
  }

  fail(failure: Failure): void {
    if (this.#isSettled) return;
    if (this.operation !== null) this.operation.endMs = this.#deps.clock();
    this.#settle(new WireError(failure));
    this.exchange?.abort();
  }

  /**
   * A stream ended before the answer. The session era goes on after its last event when there was one (2025-11-25,
   * transports, resumability); without one, and in the stateless era, the request is lost.
   */
  streamEnded(stream: EventStream, failure: Failure): void {
    if (this.#isSettled) return;
    const { resume } = this.#deps;
    const isNew = stream.lastEventId !== null && stream.lastEventId !== this.#lastEventId;
    this.#lastEventId = stream.lastEventId ?? this.#lastEventId;
    this.#emptyResumes = isNew ? 0 : this.#emptyResumes + 1;
    this.#resumes += 1;
    const lastEventId = this.#lastEventId;
    const isSpent = this.#emptyResumes >= MAX_EMPTY_RESUMES || this.#resumes > MAX_RESUMES;
    if (resume === null || lastEventId === null || isSpent) {
      this.fail(failure);
      return;
    }
    const pauseMs = Math.max(MIN_RESUME_MS, stream.retryMs ?? RESUME_MS * 1.5 ** this.#emptyResumes);
    this.#resumeTimer = setTimeout(
      () => {
        this.exchange = resume(this, lastEventId);
      },
      Math.min(pauseMs, MAX_TIMER_MS),
    );
  }

  #ask(message: JSONRPCMessage): void {
    this.#serverRequests += 1;
    if (this.#serverRequests <= MAX_SERVER_REQUESTS) this.#deps.deliver(message);
    else this.fail({ reason: "protocol", detail: `more than ${MAX_SERVER_REQUESTS} requests from the server` });
  }

  #settle(error: WireError | null): void {
    this.#isSettled = true;
    if (this.#resumeTimer !== null) clearTimeout(this.#resumeTimer);
    this.#deps.onSettled(this, error);
  }
}

/** A result without `resultType` is a complete one (2026-07-28, SEP-2322); the SDK would refuse it. */
const completed = (message: JSONRPCResponse): JSONRPCResponse =>
  "result" in message && message.result.resultType === undefined
    ? { ...message, result: { ...message.result, resultType: "complete" } }
    : message;

/** A longer pause would make Node's timers fire at once; the operation's own limit ends it long before. */
const MAX_TIMER_MS = 2 ** 31 - 1;

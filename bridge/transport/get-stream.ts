import type { JSONRPCRequest } from "@modelcontextprotocol/client";
import type { Reason } from "../../record/reason.ts";
import type { HttpExchange } from "./http-exchange.ts";
import { parseMessages, readIncoming } from "./json-rpc.ts";
import type { StreamDeps } from "./stream-exchange.ts";

export interface GetStreamDeps {
  readonly open: (lastEventId: string | null, hooks: Pick<StreamDeps, "onData" | "onEnded">) => HttpExchange;
  readonly deliver: (message: JSONRPCRequest) => void;
  readonly onNotification: (method: string, params: unknown, atMs: number) => void;
  /** There is no such stream, or it was not to be had for minutes. */
  readonly onRefused: () => void;
}

/** Refusals that say nothing about the stream, only about this moment: a later try may have it. */
const PASSING: ReadonlySet<Reason> = new Set([
  "auth",
  "http-401",
  "insufficient-scope",
  "http-429",
  "http-503",
  "http-5xx",
]);

/** Streams in a row that ended without one event, after which it stays closed. */
const MAX_EMPTY = 5;
/** Passing refusals in a row, after which it stays closed: seven minutes. */
const MAX_PASSING = 15;
const REOPEN_MS = 1_000;
const MAX_REOPEN_MS = 60_000;

/**
 * The session's own stream (2025-11-25, transports, listening): what a server asks outside of any call comes here. It
 * is opened again when it ends, after the pause that the server asked for, and given up for good when there is none. What
 * refuses it only for now (a credential that cannot be renewed, a server that is too busy) is tried again for minutes.
 */
export class GetStream {
  readonly #deps: GetStreamDeps;
  #exchange: HttpExchange | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastEventId: string | null = null;
  #empty = 0;
  #passing = 0;
  #isStopped = false;

  constructor(deps: GetStreamDeps) {
    this.#deps = deps;
    this.#open();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#exchange?.abort();
  }

  #open(): void {
    this.#exchange = this.#deps.open(this.#lastEventId, {
      onData: (data, atMs) => this.#take(data, atMs),
      onEnded: (stream, failure, isRefused) => {
        if (this.#isStopped) return;
        this.#lastEventId = stream.lastEventId ?? this.#lastEventId;
        if (PASSING.has(failure.reason)) {
          this.#passing += 1;
          if (this.#passing > MAX_PASSING) this.#deps.onRefused();
          else this.#reopen(this.#passing, failure.retryAfterMs);
        } else if (isRefused) this.#deps.onRefused();
        else {
          this.#passing = 0;
          this.#empty += 1;
          if (this.#empty <= MAX_EMPTY) this.#reopen(this.#empty, stream.retryMs);
        }
      },
    });
  }

  /** @param inRow how many times it has not gone well @param askedMs the least pause, where the server asked for one */
  #reopen(inRow: number, askedMs: number | null | undefined): void {
    const pauseMs = Math.min(MAX_REOPEN_MS, Math.max(askedMs ?? 0, REOPEN_MS * 1.5 ** (inRow - 1)));
    this.#timer = setTimeout(() => this.#open(), pauseMs);
  }

  #take(data: Buffer, atMs: number): void {
    this.#empty = 0;
    this.#passing = 0;
    for (const value of parseMessages(data.toString("utf8")) ?? []) {
      const incoming = readIncoming(value, null);
      if (incoming.kind === "request") this.#deps.deliver(incoming.message);
      else if (incoming.kind === "notification") this.#deps.onNotification(incoming.method, incoming.params, atMs);
    }
  }
}

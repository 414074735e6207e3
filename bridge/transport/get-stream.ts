import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import type { HttpExchange } from "./http-exchange.ts";
import { parseMessages, readIncoming } from "./json-rpc.ts";
import type { StreamDeps } from "./stream-exchange.ts";

export interface GetStreamDeps {
  readonly open: (lastEventId: string | null, hooks: Pick<StreamDeps, "onData" | "onEnded">) => HttpExchange;
  readonly deliver: (message: JSONRPCMessage) => void;
  /** There is no such stream. */
  readonly onRefused: () => void;
}

/** Streams in a row that ended without one event, after which it stays closed. */
const MAX_EMPTY = 5;
const REOPEN_MS = 1_000;
const MAX_REOPEN_MS = 60_000;

/**
 * The session's own stream (2025-11-25, transports, listening): what a server asks outside of any call comes here. It
 * is opened again when it ends, after the pause that the server asked for, and given up for good when it is refused.
 */
export class GetStream {
  readonly #deps: GetStreamDeps;
  #exchange: HttpExchange | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastEventId: string | null = null;
  #empty = 0;
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
      onData: (data) => this.#take(data),
      onEnded: (stream, _failure, isRefused) => {
        if (this.#isStopped) return;
        if (isRefused) {
          this.#deps.onRefused();
          return;
        }
        this.#lastEventId = stream.lastEventId ?? this.#lastEventId;
        this.#empty += 1;
        if (this.#empty > MAX_EMPTY) return;
        const pauseMs = Math.min(MAX_REOPEN_MS, Math.max(stream.retryMs ?? 0, REOPEN_MS * 1.5 ** (this.#empty - 1)));
        this.#timer = setTimeout(() => this.#open(), pauseMs);
      },
    });
  }

  #take(data: string): void {
    this.#empty = 0;
    for (const value of parseMessages(data) ?? []) {
      const incoming = readIncoming(value, null);
      if (incoming.kind === "request") this.#deps.deliver(incoming.message);
    }
  }
}

import type { IncomingHttpHeaders } from "node:http";
import type { Failure } from "../operation.ts";
import { failureOfNetwork, failureOfStatus } from "../outcome.ts";
import { type DataReader, EventStream, LARGE_BYTES } from "./event-stream.ts";
import { HttpExchange, headerText } from "./http-exchange.ts";

export interface StreamDeps {
  readonly clock: () => number;
  readonly maxAnswerBytes: number;
  /** The server has accepted it. What it returns is called when the stream is over. */
  readonly onOpen?: () => () => void;
  readonly onBytes?: (bytes: number) => void;
  readonly onData: (data: Buffer, atMs: number) => void;
  /** An event grows large. @returns who takes its data; null: they are kept */
  readonly onLarge?: (atMs: () => number) => DataReader | null;
  /** So much of a large event is held now. */
  readonly onHeld?: (bytes: number) => void;
  /** It ended, by the server's will or not; `isRefused` when there never was a stream. */
  readonly onEnded: (stream: EventStream, failure: Failure, isRefused: boolean) => void;
  readonly onOver: (exchange: HttpExchange) => void;
}

/** A GET for a stream of events: one that goes on after a broken one, or the session's own. */
export class StreamExchange extends HttpExchange {
  readonly #deps: StreamDeps;
  readonly #stream: EventStream;
  #refusal: Failure | null = null;
  #chunkMs = 0;
  #onClosed: (() => void) | undefined;

  constructor(deps: StreamDeps) {
    super();
    this.#deps = deps;
    this.#stream = new EventStream(deps.maxAnswerBytes, {
      onEvent: () => {},
      onData: (data) => deps.onData(data, this.#chunkMs),
      onLarge: () => deps.onLarge?.(() => this.#chunkMs) ?? null,
      onTooLarge: () => {
        this.abort();
        deps.onEnded(this.#stream, { reason: "too-large" }, true);
      },
    });
  }

  protected started(): void {}

  protected head(status: number, headers: IncomingHttpHeaders): void {
    const type = headerText(headers["content-type"]) ?? "";
    if (status !== 200) {
      const wwwAuthenticate = headerText(headers["www-authenticate"]);
      const retryAfter = headerText(headers["retry-after"]);
      this.#refusal = failureOfStatus({ status, body: "", hasSession: true, wwwAuthenticate, retryAfter });
    } else if (!type.toLowerCase().startsWith("text/event-stream")) {
      this.#refusal = { reason: "protocol", detail: `content-type ${type || "is missing"}` };
    }
    if (this.#refusal === null) {
      this.#onClosed = this.#deps.onOpen?.();
      return;
    }
    this.abort();
    this.#deps.onEnded(this.#stream, this.#refusal, true);
  }

  protected data(chunk: Buffer): void {
    this.#chunkMs = this.#deps.clock();
    this.#deps.onBytes?.(chunk.length);
    this.#stream.feed(chunk);
    if (this.#stream.heldBytes > LARGE_BYTES) this.#deps.onHeld?.(this.#stream.heldBytes);
  }

  protected end(): void {
    this.#deps.onEnded(this.#stream, { reason: "disconnected", detail: "the stream ended" }, false);
  }

  protected failed(error: unknown): void {
    this.#deps.onEnded(this.#stream, failureOfNetwork(error), false);
  }

  protected over(): void {
    this.#onClosed?.();
    this.#deps.onOver(this);
  }
}

import { StringDecoder } from "node:string_decoder";
import { createParser, type EventSourceParser } from "eventsource-parser";

/**
 * Server-sent events as they come, with the two things that outlive a broken stream: the last event id and the pause
 * that the server asked for.
 */
export interface EventStreamHooks {
  /** Any complete event, a priming one without data included. */
  onEvent(): void;
  /** The data of a message event that is not empty. */
  onData(data: string): void;
  /** One event grew larger than the limit; nothing is parsed any more. */
  onTooLarge(): void;
}

export class EventStream {
  lastEventId: string | null = null;
  retryMs: number | null = null;
  readonly #decoder = new StringDecoder("utf8");
  readonly #parser: EventSourceParser;
  #isFirst = true;
  #isTooLarge = false;

  constructor(maxEventBytes: number, hooks: EventStreamHooks) {
    this.#parser = createParser({
      maxBufferSize: maxEventBytes,
      onEvent: ({ id, event, data }) => {
        if (id !== undefined && id.length <= MAX_ID_LENGTH) this.lastEventId = id;
        hooks.onEvent();
        if (data !== "" && (event === undefined || event === "message")) hooks.onData(data);
      },
      onRetry: (retryMs) => {
        this.retryMs = retryMs;
      },
      onError: (error) => {
        if (error.type !== "max-buffer-size-exceeded") return;
        this.#isTooLarge = true;
        hooks.onTooLarge();
      },
    });
  }

  feed(chunk: Buffer): void {
    if (this.#isTooLarge) return;
    const text = this.#decoder.write(chunk);
    this.#parser.feed(this.#isFirst && text.startsWith("\uFEFF") ? text.slice(1) : text);
    if (text !== "") this.#isFirst = false;
  }
}

/** It goes back into a request header. */
const MAX_ID_LENGTH = 4_096;

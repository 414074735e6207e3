/** Finds the answer to one JSON-RPC request in a body, by the rules of a run (MCP, streamable HTTP): JSON or a stream of events. */

import { createParser, type EventSourceParser } from "eventsource-parser";
import type { HttpAnswer } from "../http/http-question.ts";

export type RpcAnswer =
  | { readonly kind: "result"; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: "error"; readonly code: number }
  /** `saw`: what is there instead, in words that hold nothing of a stranger's but a media type. */
  | { readonly kind: "none"; readonly saw: string };

/** Of a message that is the answer itself; the others (requests and notifications of the server) come before it. */
type Found = Exclude<RpcAnswer, { kind: "none" }>;

const JSON_TYPE = "application/json";
const STREAM_TYPE = "text/event-stream";

export class AnswerReader {
  readonly #id: number;
  readonly #parser: EventSourceParser;
  #found: Found | null = null;

  /** @param id of the request */
  constructor(id: number) {
    this.#id = id;
    this.#parser = createParser({
      onEvent: ({ event, data }) => {
        if (event === undefined || event === "message") this.#found ??= answerIn(data, id);
      },
    });
  }

  /**
   * Is handed the body as it comes, of whatever type it is: no line of JSON begins as one of a stream does.
   * @returns whether the answer is there: the stream itself may stay open for ever
   */
  takes(piece: string): boolean {
    this.#parser.feed(piece.replace(/^\uFEFF/, ""));
    return this.#found !== null;
  }

  /** @param answer all of which has been handed to `takes` */
  read({ headers, body }: HttpAnswer): RpcAnswer {
    const type = mediaType(headers["content-type"] ?? "");
    if (body.trim() === "") return { kind: "none", saw: "an empty body" };
    if (type !== JSON_TYPE && type !== STREAM_TYPE) {
      return { kind: "none", saw: type === "" ? "a body without a content type" : type };
    }
    const found = type === STREAM_TYPE ? this.#found : answerIn(body, this.#id);
    return found ?? { kind: "none", saw: `${type} without a JSON-RPC result` };
  }
}

const answerIn = (text: string, id: number): Found | null => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // Another peer's text; that it is not JSON is the answer.
  }
  for (const message of Array.isArray(value) ? value : [value]) {
    if (!isPlain(message) || message.jsonrpc !== "2.0" || message.id !== id || "method" in message) continue;
    const { result, error } = message;
    if (isPlain(error) && Number.isSafeInteger(error.code)) return { kind: "error", code: error.code as number };
    if (isPlain(result)) return { kind: "result", result };
  }
  return null;
};

/** Anything but the letters of a media type is left out: it is shown. */
const mediaType = (header: string): string =>
  (header.split(";", 1)[0] ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9/.+-]/g, "")
    .slice(0, 60);

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

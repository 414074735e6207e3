import type { IncomingHttpHeaders } from "node:http";
import type { KeptResults } from "../kept-results.ts";
import { failureOfNetwork, failureOfStatus } from "../outcome.ts";
import { readLargeEvent, readOn, scanFor, takeEvent, takeHeld, takeScanned, takeWhole } from "./answer-intake.ts";
import { Body } from "./body.ts";
import { EventStream, LARGE_BYTES } from "./event-stream.ts";
import { HttpExchange, headerText } from "./http-exchange.ts";
import { readRefusal } from "./json-rpc.ts";
import type { AnswerScan } from "./large/answer-scan.ts";
import { HeldAnswer, holdRoom } from "./large/held-answer.ts";
import type { PendingRequest } from "./pending-request.ts";

/** As much of a refusal as can be of use in a detail or as a JSON-RPC error. */
const MAX_REFUSAL_BYTES = 65_536;
/** A stream should end after its answer; one that does not is not kept longer than this. */
const LINGER_MS = 2_000;

export interface PostDeps {
  readonly clock: () => number;
  readonly maxAnswerBytes: number;
  readonly kept: KeptResults;
  /** True when the request carried a session id. */
  readonly hasSession: boolean;
  /** The stateless era sends JSON-RPC errors with HTTP 400 and 404. */
  readonly isStateless: boolean;
  /** Session id and cookies; what it returns is why the head cannot be accepted. */
  readonly onHead: (status: number, headers: IncomingHttpHeaders) => string | null;
  readonly onOver: (exchange: HttpExchange) => void;
}

type Reading =
  | { readonly as: "json"; readonly body: Body }
  /** JSON that grew large and whose result is not wanted. */
  | { readonly as: "scan"; readonly scan: AnswerScan }
  /** JSON that grew large and whose result is wanted. */
  | { readonly as: "held"; readonly held: HeldAnswer }
  | { readonly as: "events"; readonly stream: EventStream }
  | { readonly as: "refusal"; readonly body: Body; readonly status: number; readonly headers: IncomingHttpHeaders };

type JsonReading = Extract<Reading, { as: "json" | "scan" | "held" }>;

/** The POST that carries a JSON-RPC request: stamps its operation and reads the answer, JSON, events or refusal. */
export class PostExchange extends HttpExchange {
  readonly #request: PendingRequest;
  readonly #deps: PostDeps;
  #reading: Reading | null = null;
  #chunkMs = 0;
  #bodyBytes = 0;
  #linger: NodeJS.Timeout | null = null;

  constructor(request: PendingRequest, deps: PostDeps) {
    super();
    this.#request = request;
    this.#deps = deps;
  }

  protected started(): void {
    const { operation } = this.#request;
    if (operation !== null) operation.sentMs ||= this.#deps.clock();
  }

  protected head(status: number, headers: IncomingHttpHeaders): void {
    const { operation } = this.#request;
    if (operation !== null) operation.headersMs ||= this.#deps.clock();
    const fault = this.#deps.onHead(status, headers);
    if (fault !== null) this.#request.fail({ reason: "protocol", detail: fault });
    else if (status === 200) this.#readAnswer(headers);
    else if (status < 300) this.#request.fail({ reason: "protocol", detail: `HTTP ${status} to a request` });
    else this.#reading = { as: "refusal", body: new Body(MAX_REFUSAL_BYTES), status, headers };
  }

  #readAnswer(headers: IncomingHttpHeaders): void {
    const encoding = headerText(headers["content-encoding"]) ?? "identity";
    const type = headerText(headers["content-type"]) ?? "";
    const mediaType = type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
    if (encoding !== "identity") {
      this.#request.fail({ reason: "protocol", detail: `content-encoding ${encoding} was not asked for` });
    } else if (Number(headers["content-length"] ?? 0) > this.#deps.maxAnswerBytes) {
      this.#request.fail({ reason: "too-large" });
    } else if (mediaType === "application/json") {
      this.#reading = { as: "json", body: new Body(this.#deps.maxAnswerBytes) };
    } else if (mediaType === "text/event-stream") {
      this.#reading = { as: "events", stream: this.#eventStream() };
    } else {
      this.#request.fail({ reason: "protocol", detail: `content-type ${type || "is missing"}` });
    }
  }

  #eventStream(): EventStream {
    const request = this.#request;
    return new EventStream(this.#deps.maxAnswerBytes, {
      onEvent: () => {
        if (request.operation !== null) request.operation.firstEventMs ||= this.#chunkMs;
      },
      onData: (data) => takeEvent(request, data, this.#chunkMs),
      onLarge: () => readLargeEvent(request, this.#deps.kept, () => this.#chunkMs),
      onTooLarge: () => request.fail({ reason: "too-large" }),
    });
  }

  protected data(chunk: Buffer): void {
    const { operation } = this.#request;
    const reading = this.#reading;
    if (reading === null) return;
    this.#chunkMs = this.#deps.clock();
    // After the answer the operation may already be on its way to the recorder.
    if (operation !== null && !this.#request.isSettled) operation.bytesIn += chunk.length;
    if (reading.as === "events") {
      this.#readEvents(reading.stream, chunk);
      return;
    }
    if (operation !== null) operation.firstEventMs ||= this.#chunkMs;
    if (reading.as !== "refusal") {
      this.#readJson(reading, chunk);
    } else if (!reading.body.add(chunk)) {
      this.#refuse(reading.status, reading.headers, reading.body.text());
      this.abort();
    }
  }

  #readEvents(stream: EventStream, chunk: Buffer): void {
    // What a stream says behind the answer is for nobody.
    if (!this.#request.isSettled) stream.feed(chunk);
    if (stream.heldBytes > LARGE_BYTES) holdRoom(this.#request, this.#deps.kept, stream.heldBytes);
    if (this.#request.isSettled && !this.isOver) this.#linger ??= setTimeout(() => this.abort(), LINGER_MS);
  }

  #readJson(reading: JsonReading, chunk: Buffer): void {
    this.#bodyBytes += chunk.length;
    if (this.#bodyBytes > this.#deps.maxAnswerBytes) {
      this.#request.fail({ reason: "too-large" });
    } else if (reading.as === "scan") {
      this.#scan(reading.scan, chunk);
    } else if (reading.as === "held") {
      reading.held.feed(chunk);
    } else {
      reading.body.add(chunk);
      if (this.#bodyBytes > LARGE_BYTES) this.#growLarge(reading.body);
    }
  }

  #growLarge(body: Body): void {
    const scan = scanFor(this.#request);
    if (scan === null) {
      const held = new HeldAnswer(this.#request, this.#deps.kept);
      this.#reading = { as: "held", held };
      for (const piece of body.pieces()) held.feed(piece);
      return;
    }
    this.#reading = { as: "scan", scan };
    for (const piece of body.pieces()) this.#scan(scan, piece);
  }

  #scan(scan: AnswerScan, piece: Buffer): void {
    readOn(scan, piece);
    // No need to wait for the rest of it.
    if (scan.isBroken) this.#request.fail(NOT_JSON);
  }

  protected end(): void {
    const request = this.#request;
    const reading = this.#reading;
    if (reading === null || request.isSettled) return;
    if (reading.as === "refusal") {
      this.#refuse(reading.status, reading.headers, reading.body.text());
    } else if (reading.as === "events") {
      request.streamEnded(reading.stream, { reason: "disconnected", detail: "the stream ended" });
    } else {
      const atMs = this.#deps.clock();
      request.fail(this.#takeJson(reading, atMs) ? NO_ANSWER : NOT_JSON);
    }
  }

  #takeJson(reading: JsonReading, atMs: number): boolean {
    if (reading.as === "scan") return takeScanned(this.#request, reading.scan, atMs);
    if (reading.as === "held") return takeHeld(this.#request, reading.held, atMs);
    return takeWhole(this.#request, reading.body.bytes(), atMs);
  }

  protected failed(error: unknown): void {
    const failure = failureOfNetwork(error);
    if (this.#reading?.as === "events") this.#request.streamEnded(this.#reading.stream, failure);
    else this.#request.fail(failure);
  }

  protected over(): void {
    if (this.#linger !== null) clearTimeout(this.#linger);
    this.#deps.onOver(this);
  }

  #refuse(status: number, headers: IncomingHttpHeaders, body: string): void {
    const request = this.#request;
    request.operation?.marked?.see(body);
    const error = this.#deps.isStateless && (status === 400 || status === 404) ? readRefusal(body, request.id) : null;
    if (error !== null) {
      request.answer(error, this.#deps.clock());
      return;
    }
    request.fail(
      failureOfStatus({
        status,
        body,
        hasSession: this.#deps.hasSession,
        wwwAuthenticate: headerText(headers["www-authenticate"]),
        retryAfter: headerText(headers["retry-after"]),
      }),
    );
  }
}

const NOT_JSON = { reason: "protocol", detail: "the body is not JSON" } as const;
const NO_ANSWER = { reason: "protocol", detail: "the body holds no answer with the request's id" } as const;

import { setImmediate } from "node:timers/promises";
import type {
  JSONRPCMessage,
  JSONRPCRequest,
  JSONRPCResponse,
  MessageExtraInfo,
  TransportSendOptions,
} from "@modelcontextprotocol/client";
import type { Credential } from "../../auth/credential.ts";
import type { Failure, Operation } from "../operation.ts";
import { WireError } from "../outcome.ts";
import { traceparent } from "../telemetry/trace-context.ts";
import { readLargeEvent, takeEvent } from "./answer-intake.ts";
import type { OutgoingRequest } from "./authorized-request.ts";
import { GetStream } from "./get-stream.ts";
import type { HttpExchange } from "./http-exchange.ts";
import { holdRoom } from "./large/held-answer.ts";
import { PendingRequest } from "./pending-request.ts";
import { type PlainDeps, PlainExchange } from "./plain-exchange.ts";
import { PostExchange } from "./post-exchange.ts";
import { claimedRevision, GET_HEADERS, POST_HEADERS, statelessHeaders } from "./request-headers.ts";
import { scope } from "./scope.ts";
import { SessionRequests } from "./session-requests.ts";
import type { SessionTransport } from "./session-transport.ts";
import { type StreamDeps, StreamExchange } from "./stream-exchange.ts";
import type { Wire } from "./wire.ts";

const CLOSED: Failure = { reason: "cancelled", detail: "the session is closed" };

/** Answers to a server that are on their way at one time; a server that asks faster than it listens gets no more. */
const MAX_ANSWERS_UNDER_WAY = 100;
/** What it asked, whose answer is not on its way yet; of more the times are not taken. */
const MAX_ASKED = 1_000;

/**
 * The SDK's Transport for one session, on undici's dispatcher instead of `fetch`. Two things differ from the SDK's own:
 * `send` of a request settles with its answer, so that every fault of the wire rejects it at once; and notifications
 * from the server are counted here and end here, since nobody listens to them. It does not follow redirects, retry or re-open a session.
 */
export class HttpTransport implements SessionTransport {
  onmessage?: <T extends JSONRPCMessage>(message: T, extra?: MessageExtraInfo) => void;
  onerror?: (error: Error) => void;
  onclose?: () => void;
  readonly #wire: Wire;
  readonly #rejection: (method: string, error: WireError) => Error;
  readonly #requests: SessionRequests;
  readonly #exchanges = new Set<HttpExchange>();
  readonly #pending = new Set<PendingRequest>();
  #getStream: GetStream | null = null;
  #answersUnderWay = 0;
  /** When the server asked what is not answered yet, by its id. */
  readonly #askedMs = new Map<unknown, number>();
  #asked = 0;
  #isClosed = false;

  /** @param rejection makes of a failed request the error that the SDK is to see */
  constructor(
    wire: Wire,
    credential: Credential,
    rejection: (method: string, error: WireError) => Error = (_method, error) => error,
  ) {
    this.#wire = wire;
    this.#rejection = rejection;
    this.#requests = new SessionRequests(wire, credential);
  }

  // `sessionId` is not exposed: the SDK would take a session for one to be resumed and skip the handshake.
  get hasSession(): boolean {
    return this.#requests.hasSession;
  }

  /** What must not show in a detail about this session. */
  secrets(): string[] {
    return this.#requests.secrets();
  }

  setProtocolVersion(version: string): void {
    this.#requests.revision = version;
  }

  async start(): Promise<void> {}

  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (this.#isClosed) return Promise.reject(new WireError(CLOSED));
    if (!("method" in message)) return this.#answer(message);
    if (!("id" in message)) return this.#notify(message.method, message, scope.getStore()?.operation ?? null);
    return this.#request(message, options?.headers);
  }

  /**
   * A request beside the SDK's own, for what is called so often that the SDK's way through promises, timers and schemas
   * would be half of the cost. Session era only: the stateless era's envelope is the SDK's business.
   * @returns the answer, result or error @throws {WireError} as `send` rejects
   */
  ask(method: string, params: Readonly<Record<string, unknown>>): Promise<JSONRPCResponse> {
    if (this.#isClosed) return Promise.reject(new WireError(CLOSED));
    this.#asked += 1;
    // Text, since the SDK numbers its requests: the two never meet.
    const message: JSONRPCRequest = { jsonrpc: "2.0", id: `call-${this.#asked}`, method, params };
    return new Promise((resolve, reject) => {
      this.#request(message, undefined, resolve).catch(reject);
    });
  }

  /** Ends what is under way for an operation; a server of the session era is told, as far as it may be. */
  abandon(operation: Operation, failure: Failure): void {
    for (const request of this.#pending) {
      if (request.owner !== operation) continue;
      const wasSent = request.exchange?.wasStarted === true;
      request.fail(failure);
      // In the stateless era the end of the stream says it; an initialize must not be cancelled (2025-11-25, cancellation).
      if (!wasSent || request.isStateless || request.method === "initialize") continue;
      const params = { requestId: request.id, reason: failure.reason };
      const method = "notifications/cancelled";
      this.#tell(method, { jsonrpc: "2.0", method, params }, null).catch(() => {
        // The operation has ended with its own reason; nobody waits for this one.
      });
    }
  }

  /** Opens the session's own stream and keeps it open. */
  listen(): void {
    this.#getStream ??= new GetStream({
      open: (lastEventId, hooks) =>
        this.#openStream("GET stream", null, lastEventId, { ...hooks, onOpen: () => this.#wire.count.streamOpened() }),
      deliver: (message) => {
        this.#wasAsked(message);
        scope.run(undefined, () => this.onmessage?.(message));
      },
      onNotification: this.#wasTold,
      onRefused: () =>
        this.#wire.noteOnce("the GET stream was refused: what the server asks outside of calls is not heard"),
    });
  }

  /**
   * Tells the server that the session ends. 404 and 405 are fine (2025-11-25, transports, session management).
   * @param operation takes the stamps; null when nobody asked for it
   * @returns why it failed, or null
   */
  terminate(operation: Operation | null): Promise<Failure | null> {
    this.#getStream?.stop();
    if (operation === null) this.#wire.onHidden("session/delete");
    return new Promise((resolve) => {
      const { closeMs } = this.#wire.settings.limits;
      const exchange = this.#plain({ operation, tolerated: [404, 405], limitMs: closeMs, onSettled: resolve });
      const headers = [...this.#requests.sessionHeaders(), ...traceHeaders(operation)];
      this.#dispatch(exchange, { method: "DELETE", headers, operation, owner: operation });
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#getStream?.stop();
    for (const request of this.#pending) request.fail({ reason: "cancelled", detail: "the session was closed" });
    for (const exchange of this.#exchanges) {
      if (exchange instanceof PlainExchange) exchange.giveUp("cancelled");
      else exchange.abort();
    }
    this.#requests.close();
    this.onclose?.();
  }

  /** @param onAnswer takes the answer instead of the SDK; what the server asks meanwhile goes to the SDK all the same */
  #request(
    message: JSONRPCRequest,
    extraHeaders: TransportSendOptions["headers"],
    onAnswer: ((answer: JSONRPCResponse) => void) | null = null,
  ): Promise<void> {
    const current = scope.getStore();
    const failure = current?.operation.failure;
    if (failure) return Promise.reject(new WireError(failure));
    const operation = current?.methods.includes(message.method) ? current.operation : null;
    if (operation === null) this.#wire.onHidden(message.method);
    else if (message.method === "initialize" && operation.requests > 0) {
      // The requests so far were the probe of a server that turned out to be of the session era.
      this.#wire.onHidden("server/discover");
      operation.restart(this.#wire.clock());
    }
    const owner = current?.operation ?? null;
    return new Promise((resolve, reject) => {
      const revision = claimedRevision(message);
      const request = new PendingRequest(message, operation, {
        owner,
        clock: this.#wire.clock,
        onNotification: this.#wasTold,
        deliver: (incoming) => {
          if (onAnswer !== null && !("method" in incoming)) onAnswer(incoming);
          else this.#deliver(request, incoming, current);
        },
        resume: revision === null ? (pending, lastEventId) => this.#resume(pending, lastEventId) : null,
        onSettled: (settled, error) => {
          this.#pending.delete(settled);
          if (error === null) resolve();
          else reject(this.#rejection(message.method, error));
        },
      });
      this.#pending.add(request);
      const exchange = new PostExchange(request, {
        clock: this.#wire.clock,
        maxAnswerBytes: this.#wire.settings.maxAnswerBytes,
        kept: this.#wire.kept,
        hasSession: this.#requests.hasSession,
        isStateless: revision !== null,
        onHead: (status, headers) => this.#requests.readHead(message.method, status, headers),
        onOver: this.#forget,
      });
      request.exchange = exchange;
      const headers = [
        ...POST_HEADERS,
        ...(revision === null
          ? this.#requests.sessionHeaders()
          : statelessHeaders(message.method, message.params, revision)),
        ...traceHeaders(operation),
        ...(extraHeaders === undefined ? [] : Object.entries(extraHeaders).flat()),
      ];
      this.#dispatch(exchange, { method: "POST", headers, body: bodyOf(message), operation, owner });
    });
  }

  #deliver(request: PendingRequest, message: JSONRPCMessage, current: ReturnType<typeof scope.getStore>): void {
    if ("method" in message && "id" in message) this.#wasAsked(message);
    try {
      scope.run(current, () => this.onmessage?.(message));
    } catch (error) {
      // A message that the SDK chokes on must not fall back on undici, which would blame the connection.
      request.fail({ reason: "protocol", detail: error instanceof Error ? error.message : String(error) });
    }
  }

  #resume(request: PendingRequest, lastEventId: string): HttpExchange {
    const { operation } = request;
    return this.#openStream("GET resume", request.owner, lastEventId, {
      onBytes: (bytes) => {
        if (operation !== null && !request.isSettled) operation.bytesIn += bytes;
      },
      onData: (data, atMs) => takeEvent(request, data, atMs),
      onLarge: (atMs) => readLargeEvent(request, this.#wire.kept, atMs),
      onHeld: (bytes) => holdRoom(request, this.#wire.kept, bytes),
      onEnded: (stream, failure, isRefused) => {
        if (isRefused) request.fail(failure);
        else request.streamEnded(stream, failure);
      },
    });
  }

  #openStream(
    name: string,
    owner: Operation | null,
    lastEventId: string | null,
    hooks: Pick<StreamDeps, "onOpen" | "onBytes" | "onData" | "onLarge" | "onHeld" | "onEnded">,
  ): HttpExchange {
    this.#wire.onHidden(name);
    const { clock, settings } = this.#wire;
    const exchange = new StreamExchange({
      clock,
      maxAnswerBytes: settings.maxAnswerBytes,
      onOver: this.#forget,
      ...hooks,
    });
    const headers = [
      ...GET_HEADERS,
      ...this.#requests.sessionHeaders(),
      ...(lastEventId === null ? [] : ["last-event-id", lastEventId]),
    ];
    this.#dispatch(exchange, { method: "GET", headers, operation: null, owner });
    return exchange;
  }

  /** The server told something, in a call's stream or in the session's own. */
  readonly #wasTold = (method: string, params: unknown, atMs: number): void => {
    this.#wire.fromServer.heard(method, params);
    if (method !== "notifications/progress") return;
    const token = (params as { readonly progressToken?: unknown } | null | undefined)?.progressToken;
    if (token === undefined) return;
    // A server may send it on the session's own stream as well: then the token says which call is meant.
    for (const { operation, progressToken } of this.#pending) {
      if (progressToken === token) operation?.hearProgress(atMs);
    }
  };

  #wasAsked({ id, method, params }: JSONRPCRequest): void {
    this.#wire.fromServer.heard(method, params);
    if (this.#askedMs.size < MAX_ASKED) this.#askedMs.set(id, this.#wire.clock());
  }

  /** An answer to what the server asked. No operation waits for it: the server works on, or waits itself. */
  #answer(message: JSONRPCMessage): Promise<void> {
    const { clock, fromServer } = this.#wire;
    const id = "id" in message ? message.id : undefined;
    const askedMs = this.#askedMs.get(id);
    this.#askedMs.delete(id);
    if (this.#answersUnderWay >= MAX_ANSWERS_UNDER_WAY) {
      fromServer.leftUnanswered();
      return Promise.resolve();
    }
    this.#answersUnderWay += 1;
    const onSent = askedMs === undefined ? undefined : () => fromServer.answered(clock() - askedMs);
    return this.#tell("response", message, null, onSent).finally(() => {
      this.#answersUnderWay -= 1;
    });
  }

  /**
   * undici hands a connection out again one turn of the event loop after its answer. What comes right behind the answer to
   * `initialize` would open a second connection in every session that there is.
   */
  async #notify(method: string, message: JSONRPCMessage, owner: Operation | null): Promise<void> {
    if (method === "notifications/initialized") await setImmediate();
    if (this.#isClosed) throw new WireError(CLOSED);
    return this.#tell(method, message, owner);
  }

  /** A message that has no answer. @param owner the operation that goes on only when it has been taken, or null */
  #tell(name: string, message: JSONRPCMessage, owner: Operation | null, onSent?: () => void): Promise<void> {
    this.#wire.onHidden(name);
    return new Promise((resolve, reject) => {
      const exchange = this.#plain({
        operation: null,
        onSent,
        tolerated: [],
        limitMs: this.#wire.settings.limits.callMs,
        onSettled: (failure) => {
          if (failure === null) resolve();
          else reject(new WireError(failure));
        },
      });
      const headers = [...POST_HEADERS, ...this.#requests.sessionHeaders()];
      this.#dispatch(exchange, { method: "POST", headers, body: bodyOf(message), operation: null, owner });
    });
  }

  #plain(what: Pick<PlainDeps, "operation" | "onSent" | "tolerated" | "limitMs" | "onSettled">): PlainExchange {
    return new PlainExchange({
      ...what,
      clock: this.#wire.clock,
      hasSession: this.#requests.hasSession,
      onOver: this.#forget,
    });
  }

  readonly #forget = (exchange: HttpExchange): void => {
    this.#exchanges.delete(exchange);
  };

  #dispatch(exchange: HttpExchange, request: OutgoingRequest): void {
    this.#exchanges.add(exchange);
    this.#requests.dispatch(exchange, request);
  }
}

const traceHeaders = (operation: Operation | null): string[] =>
  operation?.trace ? ["traceparent", traceparent(operation.trace)] : [];

const bodyOf = (message: JSONRPCMessage): Buffer => Buffer.from(JSON.stringify(message), "utf8");

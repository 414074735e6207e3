import type { JSONRPCMessage, JSONRPCRequest, JSONRPCResponse, MessageExtraInfo } from "@modelcontextprotocol/client";
import type { Failure, Operation } from "../../operation.ts";
import { failureOfNetwork, WireError } from "../../outcome.ts";
import { readIncoming } from "../json-rpc.ts";
import { type Scope, scope } from "../scope.ts";
import type { SessionTransport } from "../session-transport.ts";
import type { Wire } from "../wire.ts";
import type { Carrier, OutgoingMessage } from "./carrier.ts";

/** Answers to a server that are on their way at one time, as in `HttpTransport`. */
const MAX_ANSWERS_UNDER_WAY = 100;
/** What it asked, whose answer is not on its way yet; of more the times are not taken. */
const MAX_ASKED = 1_000;

interface Pending {
  readonly request: JSONRPCRequest;
  readonly scope: Scope | undefined;
  /** Takes the stamps; null for a request that is on an operation's way only. */
  readonly operation: Operation | null;
  /** Takes the answer instead of the SDK. */
  readonly onAnswer: ((answer: JSONRPCResponse) => void) | null;
  /** Ends its way to the server. */
  readonly way: AbortController;
  readonly resolve: () => void;
  readonly reject: (error: WireError) => void;
}

/**
 * A session over one of the older transports (a process's stdio, HTTP+SSE of 2024-11-05). Its times are coarser than those
 * of `HttpTransport`: a message counts as sent when the carrier is given it and as come when that hands it over, parsed.
 * As there, `send` of a request settles with its answer; a carrier that ends takes all that is under way with it.
 */
export class OlderTransport implements SessionTransport {
  onmessage?: <T extends JSONRPCMessage>(message: T, extra?: MessageExtraInfo) => void;
  onerror?: (error: Error) => void;
  onclose?: () => void;
  /** What ends such a session is the end of its connection: there is nothing to delete. */
  readonly hasSession = false;
  readonly #wire: Wire;
  readonly #carrier: Carrier;
  readonly #pending = new Map<string | number, Pending>();
  /** Messages that the carrier has not taken yet. */
  readonly #underWay = new Set<AbortController>();
  #answersUnderWay = 0;
  /** When the server asked what is not answered yet, by its id. */
  readonly #askedMs = new Map<unknown, number>();
  #asked = 0;
  #isClosed = false;
  #lost: Failure | null = null;
  #startLost: (error: WireError) => void = () => undefined;

  constructor(wire: Wire, carrier: Carrier) {
    this.#wire = wire;
    this.#carrier = carrier;
  }

  secrets(): string[] {
    return this.#wire.secrets();
  }

  setProtocolVersion(version: string): void {
    this.#carrier.setProtocolVersion?.(version);
  }

  /** Starting the process, or opening the stream, is part of the handshake: its time begins here. */
  async start(): Promise<void> {
    const operation = scope.getStore()?.operation;
    if (operation !== undefined) this.#stamp(operation);
    const lost = new Promise<never>((_resolve, reject) => {
      this.#startLost = reject;
    });
    const started = this.#carrier.start({
      onMessage: (message, bytes) => this.#hear(message, bytes),
      onLost: (failure) => this.#end(failure),
    });
    await Promise.race([started, lost]);
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (!("method" in message)) return this.#answer(message);
    if ("id" in message) return this.#request(message, null);
    return this.#tell(message.method, message);
  }

  ask(method: string, params: Readonly<Record<string, unknown>>): Promise<JSONRPCResponse> {
    this.#asked += 1;
    const message: JSONRPCRequest = { jsonrpc: "2.0", id: `call-${this.#asked}`, method, params };
    return new Promise((resolve, reject) => {
      this.#request(message, resolve).catch(reject);
    });
  }

  abandon(operation: Operation, failure: Failure): void {
    for (const { request, scope: its, way, reject } of this.#pending.values()) {
      if (its?.operation !== operation) continue;
      this.#pending.delete(request.id);
      reject(new WireError(failure));
      way.abort(new WireError(failure));
      if (request.method === "initialize") continue;
      const method = "notifications/cancelled";
      const params = { requestId: request.id, reason: failure.reason };
      this.#tell(method, { jsonrpc: "2.0", method, params }).catch(() => {
        // The operation has ended with its own reason; nobody waits for this one.
      });
    }
  }

  /** What the server says outside of calls comes the same way as all else. */
  listen(): void {}

  async terminate(): Promise<Failure | null> {
    return null;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#failAll({ reason: "cancelled", detail: "the session was closed" });
    await this.#carrier.close();
    this.onclose?.();
  }

  #request(request: JSONRPCRequest, onAnswer: Pending["onAnswer"]): Promise<void> {
    const current = scope.getStore();
    const failure = current?.operation.failure ?? this.#over();
    if (failure) return Promise.reject(new WireError(failure));
    const operation = current?.methods.includes(request.method) ? current.operation : null;
    const outgoing = written(request);
    if (operation === null) this.#wire.onHidden(request.method);
    else {
      this.#stamp(operation);
      operation.requests += 1;
      operation.bytesOut += Buffer.byteLength(outgoing.text);
    }
    return new Promise((resolve, reject) => {
      const way = new AbortController();
      this.#pending.set(request.id, { request, scope: current, operation, onAnswer, way, resolve, reject });
      this.#carry(outgoing, way).catch((error: unknown) => {
        if (this.#pending.delete(request.id)) reject(new WireError(failureOfNetwork(error)));
      });
    });
  }

  #stamp(operation: Operation): void {
    operation.dispatchedMs ||= this.#wire.clock();
    operation.sentMs ||= operation.dispatchedMs;
  }

  #hear(message: JSONRPCMessage, bytes: number): void {
    if ("method" in message) {
      this.#wire.fromServer.heard(message.method, message.params);
      if ("id" in message) this.#wasAsked(message);
      else if (message.method === "notifications/progress") this.#hearProgress(message.params);
      return;
    }
    const pending = message.id === undefined ? undefined : this.#pending.get(message.id);
    if (pending !== undefined) this.#take(pending, message, bytes);
  }

  #wasAsked(message: JSONRPCRequest): void {
    if (this.#askedMs.size < MAX_ASKED) this.#askedMs.set(message.id, this.#wire.clock());
    scope.run(undefined, () => this.onmessage?.(message));
  }

  #hearProgress(params: Readonly<Record<string, unknown>> | undefined): void {
    const token = params?.progressToken;
    if (token === undefined) return;
    for (const { request, operation } of this.#pending.values()) {
      if (request.params?._meta?.progressToken === token) operation?.hearProgress(this.#wire.clock());
    }
  }

  #take(pending: Pending, message: JSONRPCMessage, bytes: number): void {
    const { request, scope: its, operation, onAnswer, way, resolve, reject } = pending;
    this.#pending.delete(request.id);
    // A server may answer on its stream before it answers the POST.
    if (this.#underWay.has(way)) this.#limit(way);
    if (operation !== null) {
      operation.firstEventMs ||= this.#wire.clock();
      operation.endMs = this.#wire.clock();
      operation.bytesIn += bytes;
      if ("error" in message) operation.marked?.seeValue(message.error);
    }
    const incoming = readIncoming(message, request.id);
    if (bytes > this.#wire.settings.maxAnswerBytes) reject(new WireError({ reason: "too-large" }));
    else if (incoming.kind !== "answer") {
      const detail = incoming.kind === "malformed" ? incoming.why : "no answer to the request";
      reject(new WireError({ reason: "protocol", detail }));
    } else {
      if (onAnswer !== null) onAnswer(incoming.message);
      else scope.run(its, () => this.onmessage?.(incoming.message));
      resolve();
    }
  }

  async #answer(message: JSONRPCMessage): Promise<void> {
    const { clock, fromServer } = this.#wire;
    const id = "id" in message ? message.id : undefined;
    const askedMs = this.#askedMs.get(id);
    this.#askedMs.delete(id);
    if (this.#answersUnderWay >= MAX_ANSWERS_UNDER_WAY) {
      fromServer.leftUnanswered();
      return;
    }
    this.#answersUnderWay += 1;
    if (askedMs !== undefined) fromServer.answered(clock() - askedMs);
    try {
      await this.#tell("response", message);
    } finally {
      this.#answersUnderWay -= 1;
    }
  }

  async #tell(name: string, message: JSONRPCMessage): Promise<void> {
    const over = this.#over();
    if (over !== null) throw new WireError(over);
    this.#wire.onHidden(name);
    const way = new AbortController();
    const timer = this.#limit(way);
    try {
      await this.#carry(written(message), way);
    } finally {
      clearTimeout(timer);
    }
  }

  async #carry(message: OutgoingMessage, way: AbortController): Promise<void> {
    this.#underWay.add(way);
    try {
      await this.#carrier.send(message, way.signal);
    } finally {
      this.#underWay.delete(way);
    }
  }

  /** Nobody waits for such a message, and none may hold its connection for ever. */
  #limit(way: AbortController): NodeJS.Timeout {
    const { callMs } = this.#wire.settings.limits;
    return setTimeout(() => way.abort(new WireError({ reason: "timeout" })), callMs).unref();
  }

  /** Why nothing can be sent any more, or null. */
  #over(): Failure | null {
    if (this.#isClosed) return { reason: "cancelled", detail: "the session is closed" };
    return this.#lost && { ...this.#lost, reason: "session-lost" };
  }

  /** The carrier ended by itself: first what is under way learns why, later calls that the session is gone. */
  #end(failure: Failure): void {
    if (this.#isClosed || this.#lost !== null) return;
    this.#lost = failure;
    this.#startLost(new WireError(failure));
    this.#failAll(failure);
  }

  #failAll(failure: Failure): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const { operation, reject } of all) {
      if (operation !== null) operation.endMs = this.#wire.clock();
      reject(new WireError(failure));
    }
    for (const way of this.#underWay) way.abort(new WireError(failure));
  }
}

const written = (message: JSONRPCMessage): OutgoingMessage => ({ message, text: JSON.stringify(message) });

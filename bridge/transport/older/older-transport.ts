import type { JSONRPCMessage, JSONRPCRequest, JSONRPCResponse, MessageExtraInfo } from "@modelcontextprotocol/client";
import type { Failure, Operation } from "../../operation.ts";
import { failureOfNetwork, WireError } from "../../outcome.ts";
import { readIncoming } from "../json-rpc.ts";
import { type Scope, scope } from "../scope.ts";
import type { SessionTransport } from "../session-transport.ts";
import type { Wire } from "../wire.ts";
import type { Carrier } from "./carrier.ts";

/** Answers to a server that are on their way at one time, as in `HttpTransport`. */
const MAX_ANSWERS_UNDER_WAY = 100;

interface Pending {
  readonly request: JSONRPCRequest;
  readonly scope: Scope | undefined;
  /** Takes the stamps; null for a request that is on an operation's way only. */
  readonly operation: Operation | null;
  /** Takes the answer instead of the SDK. */
  readonly onAnswer: ((answer: JSONRPCResponse) => void) | null;
  readonly resolve: () => void;
  readonly reject: (error: WireError) => void;
}

/**
 * A session over one of the SDK's older transports (a process's stdio, HTTP+SSE of 2024-11-05). Its times are coarser than
 * those of `HttpTransport`: a message counts as sent when the SDK is given it and as come when the SDK hands it over, parsed.
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
  #answersUnderWay = 0;
  #asked = 0;
  #isClosed = false;
  #lost: Failure | null = null;

  constructor(wire: Wire, carrier: Carrier) {
    this.#wire = wire;
    this.#carrier = carrier;
  }

  secrets(): string[] {
    return this.#wire.secrets();
  }

  setProtocolVersion(version: string): void {
    this.#carrier.transport.setProtocolVersion?.(version);
  }

  /** Starting the process, or opening the stream, is part of the handshake: its time begins here. */
  async start(): Promise<void> {
    const { transport } = this.#carrier;
    transport.onmessage = (message) => this.#hear(message);
    transport.onclose = () => this.#end();
    // What it cannot read; a call whose answer that was ends by its limit, or with the carrier.
    transport.onerror = () => undefined;
    this.#carrier.onLost = () => this.#end();
    const operation = scope.getStore()?.operation;
    if (operation !== undefined) this.#stamp(operation);
    try {
      await transport.start();
    } catch (error) {
      throw new WireError(this.#carrier.failure() ?? failureOfNetwork(error), { cause: error });
    }
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
    for (const { request, scope: its, reject } of this.#pending.values()) {
      if (its?.operation !== operation) continue;
      this.#pending.delete(request.id);
      reject(new WireError(failure));
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
    await this.#carrier.transport.close();
    this.#carrier.release();
    this.onclose?.();
  }

  #request(request: JSONRPCRequest, onAnswer: Pending["onAnswer"]): Promise<void> {
    const current = scope.getStore();
    const failure = current?.operation.failure ?? this.#over();
    if (failure) return Promise.reject(new WireError(failure));
    const operation = current?.methods.includes(request.method) ? current.operation : null;
    if (operation === null) this.#wire.onHidden(request.method);
    else {
      this.#stamp(operation);
      operation.requests += 1;
      operation.bytesOut += sizeOf(request);
    }
    return new Promise((resolve, reject) => {
      this.#pending.set(request.id, { request, scope: current, operation, onAnswer, resolve, reject });
      this.#carrier.transport.send(request).catch((error: unknown) => {
        if (this.#pending.delete(request.id)) reject(new WireError(this.#carrier.failure() ?? failureOfNetwork(error)));
      });
    });
  }

  #stamp(operation: Operation): void {
    operation.dispatchedMs ||= this.#wire.clock();
    operation.sentMs ||= operation.dispatchedMs;
  }

  #hear(message: JSONRPCMessage): void {
    if ("method" in message) {
      this.#wire.fromServer.heard(message.method, message.params);
      if ("id" in message) scope.run(undefined, () => this.onmessage?.(message));
      return;
    }
    const pending = message.id === undefined ? undefined : this.#pending.get(message.id);
    if (pending !== undefined) this.#take(pending, message);
  }

  #take({ request, scope: its, operation, onAnswer, resolve, reject }: Pending, message: JSONRPCMessage): void {
    this.#pending.delete(request.id);
    const bytes = sizeOf(message);
    if (operation !== null) {
      operation.firstEventMs ||= this.#wire.clock();
      operation.endMs = this.#wire.clock();
      operation.bytesIn += bytes;
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

  #answer(message: JSONRPCMessage): Promise<void> {
    if (this.#answersUnderWay >= MAX_ANSWERS_UNDER_WAY) return Promise.resolve();
    this.#answersUnderWay += 1;
    return this.#tell("response", message).finally(() => {
      this.#answersUnderWay -= 1;
    });
  }

  async #tell(name: string, message: JSONRPCMessage): Promise<void> {
    const over = this.#over();
    if (over !== null) throw new WireError(over);
    this.#wire.onHidden(name);
    try {
      await this.#carrier.transport.send(message);
    } catch (error) {
      throw new WireError(this.#carrier.failure() ?? failureOfNetwork(error), { cause: error });
    }
  }

  /** Why nothing can be sent any more, or null. */
  #over(): Failure | null {
    if (this.#isClosed) return { reason: "cancelled", detail: "the session is closed" };
    return this.#lost && { ...this.#lost, reason: "session-lost" };
  }

  /** The carrier ended by itself: first what is under way learns why, later calls that the session is gone. */
  #end(): void {
    if (this.#isClosed || this.#lost !== null) return;
    this.#lost = this.#carrier.failure() ?? { reason: "disconnected" };
    this.#failAll(this.#lost);
  }

  #failAll(failure: Failure): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const { operation, reject } of all) {
      if (operation !== null) operation.endMs = this.#wire.clock();
      reject(new WireError(failure));
    }
  }
}

const sizeOf = (message: JSONRPCMessage): number => Buffer.byteLength(JSON.stringify(message));

import type { IncomingHttpHeaders } from "node:http";
import type { Failure, Operation } from "../operation.ts";
import { failureOfNetwork, failureOfStatus } from "../outcome.ts";
import { Body } from "./body.ts";
import { HttpExchange, headerText } from "./http-exchange.ts";

const MAX_BODY_BYTES = 65_536;

export interface PlainDeps {
  readonly clock: () => number;
  readonly limitMs: number;
  readonly hasSession: boolean;
  /** Stamped when there is one: the DELETE that is an operation of its own. */
  readonly operation: Operation | null;
  /** It is being handed to the socket. */
  readonly onSent?: (() => void) | undefined;
  /** Statuses outside 2xx that are fine as well. */
  readonly tolerated: readonly number[];
  /** Called once, with the failure or null. */
  readonly onSettled: (failure: Failure | null) => void;
  readonly onOver: (exchange: HttpExchange) => void;
}

/** A request whose status is its whole answer: a notification, an answer to the server, the DELETE of a session. */
export class PlainExchange extends HttpExchange {
  readonly #deps: PlainDeps;
  readonly #body = new Body(MAX_BODY_BYTES);
  readonly #timer: NodeJS.Timeout;
  #status = 0;
  #headers: IncomingHttpHeaders = {};

  constructor(deps: PlainDeps) {
    super();
    this.#deps = deps;
    this.#timer = setTimeout(() => this.giveUp("timeout"), deps.limitMs);
  }

  /** Ends it from outside. */
  giveUp(reason: "timeout" | "cancelled"): void {
    if (this.isOver) return;
    this.abort();
    this.#settle({ reason });
  }

  protected started(): void {
    if (this.#deps.operation !== null) this.#deps.operation.sentMs = this.#deps.clock();
    this.#deps.onSent?.();
  }

  protected head(status: number, headers: IncomingHttpHeaders): void {
    if (this.#deps.operation !== null) this.#deps.operation.headersMs ||= this.#deps.clock();
    this.#status = status;
    this.#headers = headers;
  }

  protected data(chunk: Buffer): void {
    const { operation } = this.#deps;
    if (operation !== null) {
      operation.bytesIn += chunk.length;
      operation.firstEventMs ||= this.#deps.clock();
    }
    if (this.#body.add(chunk)) return;
    this.abort();
    this.#settle(this.#verdict());
  }

  protected end(): void {
    this.#settle(this.#verdict());
  }

  protected failed(error: unknown): void {
    this.#settle(failureOfNetwork(error));
  }

  protected over(): void {
    clearTimeout(this.#timer);
    this.#deps.onOver(this);
  }

  #verdict(): Failure | null {
    if ((this.#status >= 200 && this.#status < 300) || this.#deps.tolerated.includes(this.#status)) return null;
    return failureOfStatus({
      status: this.#status,
      body: this.#body.text(),
      hasSession: this.#deps.hasSession,
      wwwAuthenticate: headerText(this.#headers["www-authenticate"]),
      retryAfter: headerText(this.#headers["retry-after"]),
    });
  }

  #settle(failure: Failure | null): void {
    if (this.#deps.operation !== null) this.#deps.operation.endMs = this.#deps.clock();
    this.#deps.onSettled(failure);
  }
}

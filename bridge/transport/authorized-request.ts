import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { AuthError } from "../../auth/auth-error.ts";
import type { Credential } from "../../auth/credential.ts";
import type { Outcome } from "../../record/reason.ts";
import type { Operation } from "../operation.ts";
import { failureOfNetwork, isCredentialRefusal, WireError } from "../outcome.ts";
import { Body } from "./body.ts";
import { type HttpExchange, headerText } from "./http-exchange.ts";
import type { HeaderList } from "./request-headers.ts";

/** As much of a refusal as is of use, and as long as it may take to come: then its connection is dropped. */
const MAX_REFUSAL_BYTES = 65_536;
const REFUSAL_LIMIT_MS = 2_000;

export interface OutgoingRequest {
  readonly method: "POST" | "GET" | "DELETE";
  /** Those of this very request, the session's own (`sessionHeaders`) included where the era has them. */
  readonly headers: HeaderList;
  readonly body?: Buffer;
  /** Takes the stamps of the dispatch; null for a request that belongs to none. */
  readonly operation: Operation | null;
  /** The operation on whose way it is: its time stands still while a credential is waited for. Null for none. */
  readonly owner: Operation | null;
}

/** How a refused credential was got over. */
export interface Repair {
  /** `ok` when the repeated request was not refused, `http-401` when it was, or when there was no other credential. */
  readonly outcome: Outcome;
  /** The refused exchange and the waiting for another credential, ms. */
  readonly tookMs: number;
}

/** What all requests of a session have in common. */
export interface AuthorizedDeps {
  readonly credential: Credential;
  readonly clock: () => number;
  /** Hands the request to the dispatcher. May throw AuthError: the credential fits into no header. */
  readonly send: (request: OutgoingRequest, authorization: string | null, handler: Dispatcher.DispatchHandler) => void;
  /** The head of a refusal that the exchange may never see. */
  readonly onRefusal: (headers: IncomingHttpHeaders) => void;
  readonly onRepair: (repair: Repair) => void;
}

interface Refusal {
  readonly controller: Dispatcher.DispatchController;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
  readonly timer: NodeJS.Timeout;
}

/**
 * One HTTP request with the credential on it, between the dispatcher and its exchange. When the server refuses the
 * credential and there is another one, the same request is sent once more, never twice, and the exchange sees the second
 * answer alone. Without another one it sees the refusal, as if it had just come.
 *
 * The exchange can be over (time limit, cancel, close) at any moment: while the credential is waited for, then nothing
 * is sent any more; while the refusal is read, then its connection is given up.
 */
export class AuthorizedRequest implements Dispatcher.DispatchHandler {
  readonly #exchange: HttpExchange;
  readonly #request: OutgoingRequest;
  readonly #deps: AuthorizedDeps;
  #sent: string | null = null;
  #startedMs = 0;
  #isFirst = false;
  #refusal: Refusal | null = null;
  /** Set when the request is sent for the second time, until it is known what became of it. */
  #repairMs: number | null = null;
  #isRepeat = false;

  constructor(exchange: HttpExchange, request: OutgoingRequest, deps: AuthorizedDeps) {
    this.#exchange = exchange;
    this.#request = request;
    this.#deps = deps;
  }

  /** Asks for the credential and sends; without one the exchange ends as `auth` before anything has left. */
  start(): void {
    try {
      const authorization = this.#deps.credential.authorization();
      if (authorization === null || typeof authorization === "string") this.#send(authorization);
      else void this.#sendWith(authorization);
    } catch (error) {
      this.#refuse(error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#exchange.onRequestStart(controller);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status >= 400 && isCredentialRefusal(status, headerText(headers["www-authenticate"]))) {
      if (!this.#isRepeat) {
        this.#read(controller, status, headers);
        return;
      }
      this.#report("http-401");
    } else if (status >= 200) {
      if (this.#isRepeat) this.#deps.credential.accepted(this.#sent);
      this.#report("ok");
    }
    this.#exchange.onResponseStart(controller, status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#refusal === null) {
      this.#exchange.onResponseData(controller, chunk);
      return;
    }
    const { operation } = this.#request;
    if (operation !== null) operation.firstEventMs ||= this.#deps.clock();
    if (!this.#refusal.body.add(chunk)) controller.abort(new Error("the refusal is too long"));
  }

  onResponseEnd(): void {
    if (this.#refusal === null) this.#exchange.onResponseEnd();
    else void this.#renew(this.#refusal);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#refusal !== null) {
      // Its status is known, and that is enough.
      void this.#renew(this.#refusal);
      return;
    }
    this.#report(this.#exchange.isOver ? "cancelled" : failureOfNetwork(error).reason);
    this.#exchange.onResponseError(controller, error);
  }

  /** A token being fetched is our business, neither the harness's delay nor the server's time. */
  async #sendWith(authorization: Promise<string | null>): Promise<void> {
    const { owner } = this.#request;
    owner?.pause(this.#deps.clock());
    try {
      const value = await authorization;
      owner?.resume(this.#deps.clock());
      this.#send(value);
    } catch (error) {
      owner?.resume(this.#deps.clock());
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    this.#report("auth");
    this.#exchange.refuse(withoutCredential(error));
  }

  #send(authorization: string | null): void {
    if (this.#exchange.isOver) {
      this.#report("cancelled");
      return;
    }
    const { operation } = this.#request;
    this.#sent = authorization;
    this.#isFirst = operation !== null && operation.dispatchedMs === 0;
    this.#startedMs = this.#deps.clock();
    if (operation !== null) operation.dispatchedMs ||= this.#startedMs;
    this.#deps.send(this.#request, authorization, this);
  }

  /** Holds the refusal back until it is known whether there is another credential. */
  #read(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    const { operation } = this.#request;
    if (operation !== null) operation.headersMs ||= this.#deps.clock();
    this.#deps.onRefusal(headers);
    const timer = setTimeout(() => controller.abort(new Error("the refusal does not end")), REFUSAL_LIMIT_MS);
    this.#refusal = { controller, status, headers, body: new Body(MAX_REFUSAL_BYTES), timer };
  }

  async #renew(refusal: Refusal): Promise<void> {
    const { credential, clock } = this.#deps;
    const { owner } = this.#request;
    const tookMs = clock() - this.#startedMs;
    this.#refusal = null;
    clearTimeout(refusal.timer);
    const isOver = this.#exchange.isOver;
    this.#exchange.rewind();
    owner?.pause(clock());
    const challenge = headerText(refusal.headers["www-authenticate"]) ?? null;
    // Also for an exchange that is over: the credential is everybody's, and the next one should not be refused as well.
    const isWorthIt = await credential.rejected(this.#sent, challenge);
    owner?.resume(clock());
    this.#repairMs = clock() - this.#startedMs;
    if (isOver || this.#exchange.isOver) this.#report("cancelled");
    else if (isWorthIt) this.#repeat(tookMs);
    else {
      this.#report("http-401");
      this.#deliver(refusal);
    }
  }

  #repeat(tookMs: number): void {
    const { operation, owner, body } = this.#request;
    this.#isRepeat = true;
    owner?.forget({
      tookMs,
      bytesOut: operation === null ? 0 : (body?.length ?? 0),
      isFirst: operation !== null && this.#isFirst,
    });
    if (operation !== null) operation.isRepeated = true;
    this.start();
  }

  #deliver({ controller, status, headers, body }: Refusal): void {
    const exchange = this.#exchange;
    const bytes = body.bytes();
    exchange.onResponseStart(controller, status, headers);
    if (bytes.length > 0) exchange.onResponseData(controller, bytes);
    exchange.onResponseEnd();
  }

  /** Once for each refusal. */
  #report(outcome: Outcome): void {
    if (this.#repairMs === null) return;
    this.#deps.onRepair({ outcome, tookMs: this.#repairMs });
    this.#repairMs = null;
  }
}

/** An error of ours says itself what is wrong; any other text might quote what must not be shown. */
const withoutCredential = (cause: unknown): WireError => {
  const detail = cause instanceof AuthError ? cause.sentence : "the credential could not be had";
  return new WireError({ reason: "auth", detail }, { cause });
};

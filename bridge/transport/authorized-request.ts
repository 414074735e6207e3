import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { AuthError } from "../../auth/auth-error.ts";
import type { Credential } from "../../auth/credential.ts";
import type { Outcome } from "../../record/reason.ts";
import type { Operation } from "../operation.ts";
import { failureOfNetwork, isCredentialRefusal, WireError } from "../outcome.ts";
import { HeldRefusal } from "./held-refusal.ts";
import { type HttpExchange, headerText } from "./http-exchange.ts";
import type { HeaderList } from "./request-headers.ts";

export interface OutgoingRequest {
  readonly method: "POST" | "GET" | "DELETE";
  /** Those of this very request, the session's own (`sessionHeaders`) included where the era has them. */
  readonly headers: HeaderList;
  readonly body?: Buffer;
  /** Takes the stamps of the dispatch; null for a request that belongs to none. */
  readonly operation: Operation | null;
  /**
   * The operation that cannot go on before it: its time stands still while a credential is waited for. Null for none, as
   * for an answer to what the server asks meanwhile: the server goes on working on the operation.
   */
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
  /** Takes note of a credential that is about to be sent. @throws {AuthError} it fits into no header */
  readonly remember: (authorization: string | null) => void;
  /** Hands the request to the dispatcher. */
  readonly send: (request: OutgoingRequest, authorization: string | null, handler: Dispatcher.DispatchHandler) => void;
  /** The head of a refusal that the exchange may never see. */
  readonly onRefusal: (headers: IncomingHttpHeaders) => void;
  readonly onRepair: (repair: Repair) => void;
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
  #refusal: HeldRefusal | null = null;
  /** How long the refused exchange took; set when the next one to be sent is the repeated one. */
  #refusedMs: number | null = null;
  /** Set when it is known whether there is another credential, until it is known what became of the request. */
  #repairMs: number | null = null;

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
      if (this.#refusedMs === null) {
        this.#read(controller, status, headers);
        return;
      }
      this.#report("http-401");
    } else if (status >= 200) {
      if (this.#refusedMs !== null) this.#deps.credential.accepted(this.#sent);
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
    this.#refusal.take(chunk);
  }

  onResponseEnd(): void {
    if (this.#refusal === null) this.#exchange.onResponseEnd();
    else void this.#renew(this.#refusal);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#refusal !== null) {
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
    const resume = () => owner?.resume(this.#deps.clock());
    try {
      this.#send(await authorization.finally(resume));
    } catch (error) {
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
    this.#deps.remember(authorization);
    if (this.#refusedMs !== null) this.#forget(this.#refusedMs);
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
    this.#refusal = new HeldRefusal(controller, status, headers);
  }

  async #renew(refusal: HeldRefusal): Promise<void> {
    const { credential, clock } = this.#deps;
    const { owner } = this.#request;
    const refusedMs = clock() - this.#startedMs;
    this.#refusal = null;
    refusal.end();
    const isOver = this.#exchange.isOver;
    this.#exchange.rewind();
    owner?.pause(clock());
    // Also for an exchange that is over: the credential is everybody's, and the next one should not be refused as well.
    const isWorthIt = await credential.rejected(this.#sent, refusal.challenge);
    owner?.resume(clock());
    this.#repairMs = clock() - this.#startedMs;
    if (isOver || this.#exchange.isOver) this.#report("cancelled");
    else if (isWorthIt) {
      this.#refusedMs = refusedMs;
      this.start();
    } else {
      this.#report("http-401");
      refusal.passTo(this.#exchange);
    }
  }

  /** The refused exchange counts for nothing, now that the repeated one is being sent. */
  #forget(tookMs: number): void {
    const { operation, owner, body } = this.#request;
    owner?.forget({
      tookMs,
      bytesOut: operation === null ? 0 : (body?.length ?? 0),
      isFirst: operation !== null && this.#isFirst,
    });
    if (operation !== null) operation.isRepeated = true;
  }

  /** Once for each refusal. */
  #report(outcome: Outcome): void {
    if (this.#repairMs === null) return;
    this.#deps.onRepair({ outcome, tookMs: this.#repairMs });
    this.#repairMs = null;
  }
}

/** An error of ours says itself what is wrong; any other text might quote what must not be shown. */
export const withoutCredential = (cause: unknown): WireError => {
  const detail = cause instanceof AuthError ? cause.sentence : "the credential could not be had";
  return new WireError({ reason: "auth", detail }, { cause });
};

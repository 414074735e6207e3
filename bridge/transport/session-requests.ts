import type { IncomingHttpHeaders } from "node:http";
import type { Credential } from "../../auth/credential.ts";
import type { Operation } from "../operation.ts";
import { WireError } from "../outcome.ts";
import { CookieJar } from "./cookie-jar.ts";
import { type HttpExchange, headerText } from "./http-exchange.ts";
import { type HeaderList, isSessionId } from "./request-headers.ts";
import type { Wire } from "./wire.ts";

export interface OutgoingRequest {
  readonly method: "POST" | "GET" | "DELETE";
  /** Those of this very request, the session's own (`sessionHeaders`) included where the era has them. */
  readonly headers: HeaderList;
  readonly body?: Buffer;
  /** Takes the stamps of the dispatch; null for a request that belongs to none. */
  readonly operation: Operation | null;
}

/**
 * Hands the HTTP requests of one session to the dispatcher, with what every one of them carries: the credential, the
 * cookies, the server's headers; and keeps what the session is known by, its id and its revision.
 */
export class SessionRequests {
  readonly #wire: Wire;
  readonly #credential: Credential;
  readonly #cookies: CookieJar | null;
  #lastAuthorization: string | null = null;
  #sessionId: string | null = null;
  revision: string | null = null;

  constructor(wire: Wire, credential: Credential) {
    this.#wire = wire;
    this.#credential = credential;
    this.#cookies = wire.settings.cookies ? new CookieJar() : null;
  }

  get hasSession(): boolean {
    return this.#sessionId !== null;
  }

  /** What must not show in a detail about this session. */
  secrets(): string[] {
    return this.#sessionId === null ? this.#wire.secrets() : [...this.#wire.secrets(), this.#sessionId];
  }

  sessionHeaders(): HeaderList {
    const headers: string[] = [];
    if (this.#sessionId !== null) headers.push("mcp-session-id", this.#sessionId);
    if (this.revision !== null) headers.push("mcp-protocol-version", this.revision);
    return headers;
  }

  /** Takes what an answer's head says about the session; returns why it cannot be accepted. */
  readHead(method: string, status: number, headers: IncomingHttpHeaders): string | null {
    this.#cookies?.take(headers["set-cookie"]);
    if (status === 401) {
      void this.#credential.rejected(this.#lastAuthorization, headerText(headers["www-authenticate"]) ?? null);
    }
    if (method !== "initialize" || status !== 200) return null;
    const sessionId = headerText(headers["mcp-session-id"]);
    if (sessionId === undefined) return null;
    if (!isSessionId(sessionId)) return "the session id is not visible ASCII of at most 1024 characters";
    this.#sessionId = sessionId;
    return null;
  }

  /** Asks for the credential and sends; without one the exchange ends as `auth` before anything has left. */
  dispatch(exchange: HttpExchange, request: OutgoingRequest): void {
    const askedMs = this.#wire.clock();
    const send = (authorization: string | null): void => {
      if (!exchange.isOver) this.#dispatchWith(authorization, exchange, request);
    };
    const refuse = (error: unknown): void => {
      const detail = error instanceof Error ? error.message : String(error);
      exchange.refuse(new WireError({ reason: "auth", detail }, { cause: error }));
    };
    try {
      const authorization = this.#credential.authorization();
      if (authorization === null || typeof authorization === "string") send(authorization);
      else {
        authorization
          .then((value) => {
            // A token being fetched is our business, neither the harness's delay nor the server's time.
            if (request.operation !== null) request.operation.heldMs += this.#wire.clock() - askedMs;
            send(value);
          })
          .catch(refuse);
      }
    } catch (error) {
      refuse(error);
    }
  }

  #dispatchWith(authorization: string | null, exchange: HttpExchange, request: OutgoingRequest): void {
    const { method, body, operation } = request;
    const headers = [...this.#wire.headers, ...request.headers];
    const cookie = this.#cookies?.header();
    if (cookie) headers.push("cookie", cookie);
    if (authorization !== null) {
      this.#wire.remember(authorization);
      this.#lastAuthorization = authorization;
      headers.push("authorization", authorization);
    }
    if (operation !== null) {
      operation.dispatchedMs ||= this.#wire.clock();
      operation.requests += 1;
      operation.bytesOut += body?.length ?? 0;
    }
    this.#wire.dispatcher.dispatch({ path: this.#wire.path, method, headers, body: body ?? null }, exchange);
  }
}

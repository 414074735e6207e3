import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import type { Credential } from "../../auth/credential.ts";
import { type AuthorizedDeps, AuthorizedRequest, type OutgoingRequest } from "./authorized-request.ts";
import { CookieJar } from "./cookie-jar.ts";
import type { Lease } from "./http-connections.ts";
import { type HttpExchange, headerText } from "./http-exchange.ts";
import { type HeaderList, isSessionId } from "./request-headers.ts";
import type { Wire } from "./wire.ts";

/**
 * Hands the HTTP requests of one session to the dispatcher, with what every one of them carries: the credential, the
 * cookies, the server's headers; and keeps what the session is known by, its id and its revision.
 */
export class SessionRequests {
  readonly #wire: Wire;
  readonly #authorized: AuthorizedDeps;
  readonly #cookies: CookieJar | null;
  readonly #lease: Lease;
  readonly #isMultiplexed: boolean;
  #authorization: string | null = null;
  #sessionId: string | null = null;
  revision: string | null = null;

  constructor(wire: Wire, credential: Credential) {
    this.#wire = wire;
    this.#lease = wire.connections.lease();
    this.#isMultiplexed = wire.settings.connections.http2;
    this.#cookies = wire.settings.cookies ? new CookieJar() : null;
    this.#authorized = {
      credential,
      clock: wire.clock,
      remember: (authorization) => this.#remember(authorization),
      send: (request, authorization, handler) => this.#send(request, authorization, handler),
      onRefusal: (headers) => this.#cookies?.take(headers["set-cookie"]),
      onRepair: wire.onRepair,
    };
  }

  get hasSession(): boolean {
    return this.#sessionId !== null;
  }

  /** What must not show in a detail about this session. */
  secrets(): string[] {
    const own = [
      this.#sessionId,
      this.#authorization,
      this.#authorization?.slice(this.#authorization.indexOf(" ") + 1),
    ];
    return [...this.#wire.secrets(), ...own.filter((text) => typeof text === "string")];
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
    if (method !== "initialize" || status !== 200) return null;
    const sessionId = headerText(headers["mcp-session-id"]);
    if (sessionId === undefined) return null;
    if (!isSessionId(sessionId)) return "the session id is not visible ASCII of at most 1024 characters";
    this.#sessionId = sessionId;
    return null;
  }

  /** Sends with the credential; without one the exchange ends as `auth` before anything has left. */
  dispatch(exchange: HttpExchange, request: OutgoingRequest): void {
    new AuthorizedRequest(exchange, request, this.#authorized).start();
  }

  /** Gives up the connections that are this session's own. Nothing can be sent any more. */
  close(): void {
    this.#lease.release();
  }

  #remember(authorization: string | null): void {
    if (authorization === null || authorization === this.#authorization) return;
    this.#wire.remember(authorization);
    this.#authorization = authorization;
  }

  #send(request: OutgoingRequest, authorization: string | null, handler: Dispatcher.DispatchHandler): void {
    const { method, body, operation } = request;
    const headers = [...this.#wire.headers, ...request.headers];
    const cookie = this.#cookies?.header();
    if (cookie) headers.push("cookie", cookie);
    if (authorization !== null) headers.push("authorization", authorization);
    if (operation !== null) {
      operation.requests += 1;
      operation.bytesOut += body?.length ?? 0;
    }
    this.#wire.count.requests += 1;
    this.#lease.dispatcher.dispatch(
      // undici takes "idempotent" for leave to send it beside others on a connection of HTTP/2; it repeats nothing.
      { path: this.#wire.path, method, headers, body: body ?? null, idempotent: this.#isMultiplexed },
      handler,
    );
  }
}

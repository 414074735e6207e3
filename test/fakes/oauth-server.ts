import { type KeyObject, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { assertionFault } from "./client-assertion.ts";
import type { HttpsServer, TestAuthority } from "./test-tls.ts";

/**
 * An authorization server over HTTPS: RFC 8414 and OpenID metadata, and the client credentials grant with all three
 * ways of proving a client, checked as strictly as the RFCs allow, by a clock of its own.
 */

export interface RegisteredClient {
  readonly secret?: string;
  readonly key?: { readonly publicKey: KeyObject; readonly algorithm: string; readonly keyId?: string };
  /** Scopes that it may have; all of the server when absent. */
  readonly scopes?: readonly string[];
}

/** May be changed while it runs. */
export interface OAuthBehaviour {
  /** `expires_in` of new tokens, s, and how long they really live; null leaves `expires_in` out (they live an hour). */
  lifeS: number | null;
  /** How far its clock is ahead of this machine's, ms. Dates in its headers are of this clock. */
  clockAheadMs: number;
  /** How long the token endpoint thinks, ms. */
  delayMs: number;
  /** What its token endpoint does instead of answering. */
  outage: "none" | "reset" | "hang" | "500" | "503" | "429";
  /** `retry-after` of a 429 or 503. */
  retryAfter: string | null;
  /** Sent as the answer of the token endpoint, whatever is asked. */
  answer: { readonly status: number; readonly body: string; readonly headers?: Record<string, string> } | null;
}

export interface IssuedToken {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly resource: string | null;
  /** By its own clock, ms. */
  readonly endsAtMs: number;
  /** The how many-th token that was issued, from 1. */
  readonly number: number;
}

export interface OAuthServerOptions {
  /** Path of the issuer: `/tenant1`. */
  readonly path?: string;
  readonly clients: Readonly<Record<string, RegisteredClient>>;
  /** Resources that tokens are given for; a request for another is `invalid_target`. Absent: any. */
  readonly resources?: readonly string[];
  readonly authMethods?: readonly string[];
  readonly documents?: readonly ("oauth" | "openid")[];
}

const METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"] as const;

export class OAuthServer {
  readonly behaviour: OAuthBehaviour = {
    lifeS: 3600,
    clockAheadMs: 0,
    delayMs: 0,
    outage: "none",
    retryAfter: null,
    answer: null,
  };
  readonly counts = { metadata: 0, token: 0, issued: 0, refused: 0, elsewhere: 0 };
  /** Why requests were refused, in order. */
  readonly refusals: string[] = [];
  /** Parameters of each token request that was granted, without its proof. */
  readonly granted: {
    readonly clientId: string;
    readonly method: string;
    readonly scope: string | null;
    readonly resource: string | null;
  }[] = [];
  readonly issuedTo = new Map<string, number>();

  readonly #options: OAuthServerOptions;
  readonly #tokens = new Map<string, IssuedToken>();
  readonly #usedIds = new Set<string>();
  #server: HttpsServer | null = null;
  /** Moves the token endpoint; the old place then answers 404. */
  tokenPath = "/token";

  private constructor(options: OAuthServerOptions) {
    this.#options = options;
  }

  static async start(authority: TestAuthority, options: OAuthServerOptions): Promise<OAuthServer> {
    const oauth = new OAuthServer(options);
    oauth.#server = await authority.serve("authorization server", (request, response) => {
      void oauth.#handle(request, response);
    });
    return oauth;
  }

  get origin(): string {
    return this.#server?.origin ?? "";
  }
  get issuer(): string {
    return this.origin + (this.#options.path ?? "");
  }
  get tokenEndpoint(): string {
    return this.origin + this.tokenPath;
  }

  now(): number {
    return Date.now() + this.behaviour.clockAheadMs;
  }

  /** What a resource server may know of a token (RFC 7662); null when it is not active. */
  introspect(token: string): IssuedToken | null {
    const found = this.#tokens.get(token);
    return found === undefined || found.endsAtMs <= this.now() ? null : found;
  }

  /** Tokens that were issued before are not active any more. */
  revokeAll(): void {
    this.#tokens.clear();
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").split("?")[0] ?? "";
    response.setHeader("date", new Date(this.now()).toUTCString());
    if (request.method === "GET" && this.#documentPaths().includes(path)) {
      this.counts.metadata += 1;
      send(response, 200, this.#metadata());
    } else if (request.method === "POST" && path === this.tokenPath) {
      this.counts.token += 1;
      await this.#token(request, response);
    } else {
      this.counts.elsewhere += 1;
      send(response, 404, { error: "not_found" });
    }
  }

  #documentPaths(): readonly string[] {
    const { path = "", documents = ["oauth", "openid"] } = this.#options;
    return [
      ...(documents.includes("oauth") ? [`/.well-known/oauth-authorization-server${path}`] : []),
      ...(documents.includes("openid") ? [`${path}/.well-known/openid-configuration`] : []),
    ];
  }

  #metadata(): object {
    return {
      issuer: this.issuer,
      token_endpoint: this.tokenEndpoint,
      jwks_uri: `${this.origin}/jwks`,
      grant_types_supported: ["client_credentials"],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: this.#options.authMethods ?? METHODS,
      token_endpoint_auth_signing_alg_values_supported: ["RS256", "PS256", "ES256", "EdDSA"],
    };
  }

  async #token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { delayMs, outage, answer, retryAfter } = this.behaviour;
    const body = await textOf(request);
    if (outage === "reset") return void request.socket.destroy();
    if (outage === "hang") return;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (outage !== "none") {
      if (retryAfter !== null) response.setHeader("retry-after", retryAfter);
      return send(response, Number(outage), { error: "temporarily_unavailable" });
    }
    if (answer !== null) {
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(answer.body);
      return;
    }
    try {
      send(response, 200, this.#grant(request, body));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.counts.refused += 1;
      this.refusals.push(`${error.word}: ${error.message}`);
      // RFC 6749, section 5.2: 401 for a client that is not known, with the scheme that it used.
      const isClient = error.word === "invalid_client";
      if (isClient) response.setHeader("www-authenticate", 'Basic realm="oauth"');
      send(response, isClient ? 401 : 400, { error: error.word, error_description: error.message });
    }
  }

  #grant(request: IncomingMessage, body: string): object {
    if (request.headers["content-type"]?.split(";")[0] !== "application/x-www-form-urlencoded") {
      throw new Refused("invalid_request", "content-type");
    }
    const form = new URLSearchParams(body);
    if (new Set(form.keys()).size !== [...form.keys()].length)
      throw new Refused("invalid_request", "a doubled parameter");
    if (form.get("grant_type") !== "client_credentials") throw new Refused("unsupported_grant_type", "grant_type");
    const { clientId, method } = this.#client(request.headers.authorization, form);
    const client = this.#options.clients[clientId];
    const scope = form.get("scope");
    const scopes = scope?.split(" ") ?? [];
    if (client?.scopes !== undefined && !scopes.every((one) => client.scopes?.includes(one))) {
      throw new Refused("invalid_scope", `scope ${scope}`);
    }
    const resource = form.get("resource");
    const { resources } = this.#options;
    if (resource !== null && (resource.includes("#") || (resources !== undefined && !resources.includes(resource)))) {
      throw new Refused("invalid_target", `resource ${resource}`);
    }
    return this.#issue({ clientId, method, scope, resource });
  }

  #issue(grant: { clientId: string; method: string; scope: string | null; resource: string | null }): object {
    const { lifeS } = this.behaviour;
    const token = `at-${randomBytes(24).toString("base64url")}`;
    this.counts.issued += 1;
    this.granted.push(grant);
    this.issuedTo.set(grant.clientId, (this.issuedTo.get(grant.clientId) ?? 0) + 1);
    this.#tokens.set(token, {
      clientId: grant.clientId,
      scopes: grant.scope?.split(" ") ?? [],
      resource: grant.resource,
      endsAtMs: this.now() + (lifeS ?? 3600) * 1000,
      number: this.counts.issued,
    });
    return {
      access_token: token,
      token_type: "Bearer",
      ...(lifeS === null ? {} : { expires_in: lifeS }),
      ...(grant.scope === null ? {} : { scope: grant.scope }),
    };
  }

  #client(authorization: string | undefined, form: URLSearchParams): { clientId: string; method: string } {
    const proofs = [authorization, form.get("client_secret"), form.get("client_assertion")];
    const given = proofs.filter((proof) => proof !== undefined && proof !== null);
    if (given.length !== 1) throw new Refused("invalid_client", `${given.length} proofs`);
    if (authorization !== undefined) return this.#basic(authorization);
    const clientId = form.get("client_id") ?? "";
    const client = this.#options.clients[clientId];
    const secret = form.get("client_secret");
    if (secret !== null) {
      if (client?.secret === undefined || client.secret !== secret) throw new Refused("invalid_client", "post secret");
      return { clientId, method: "client_secret_post" };
    }
    const type = form.get("client_assertion_type");
    if (type !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") throw new Refused("invalid_client", "type");
    if (client?.key === undefined) throw new Refused("invalid_client", "no key registered");
    const fault = assertionFault(form.get("client_assertion") ?? "", {
      clientId,
      publicKey: client.key.publicKey,
      algorithm: client.key.algorithm,
      keyId: client.key.keyId ?? null,
      audiences: [this.issuer, this.tokenEndpoint],
      nowMs: this.now(),
      usedIds: this.#usedIds,
    });
    if (fault !== null) throw new Refused("invalid_client", fault);
    return { clientId, method: "private_key_jwt" };
  }

  #basic(authorization: string): { clientId: string; method: string } {
    const [scheme, credential = ""] = authorization.split(" ");
    if (scheme !== "Basic") throw new Refused("invalid_client", "scheme");
    const [clientId = "", secret = "", ...rest] = Buffer.from(credential, "base64")
      .toString()
      .split(":")
      .map(formDecoded);
    const client = this.#options.clients[clientId];
    if (rest.length > 0 || client?.secret === undefined || client.secret !== secret) {
      throw new Refused("invalid_client", "basic secret");
    }
    return { clientId, method: "client_secret_basic" };
  }
}

class Refused extends Error {
  readonly word: string;
  constructor(word: string, why: string) {
    super(why);
    this.word = word;
  }
}

const formDecoded = (text: string): string => new URLSearchParams(`x=${text}`).get("x") ?? "";

const send = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

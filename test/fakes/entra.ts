/**
 * Microsoft Entra's v2 endpoints, as far as `@azure/identity` uses them, and strict where the real one is: tenant, client,
 * secret or assertion, grant, scope, redirect and PKCE are checked, and refusals carry its codes.
 */

import { createHash, randomUUID } from "node:crypto";
import { mint } from "./entra-token.ts";
import { type Answered, type Asked, FaultyServer } from "./faulty-server.ts";

export interface FakeEntraOptions {
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The workload identity token (or any client assertion) that is taken; absent: none is. */
  readonly federatedToken?: string;
  /** Resources that the tenant knows, as they stand before `/.default`. */
  readonly resources?: readonly string[];
}

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

export class FakeEntra {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Object id of the client's service principal. */
  readonly principalId = randomUUID();
  readonly server: FaultyServer;
  /** How long the tokens from now on live, as they say. */
  lifeSeconds = 3600;
  /** Every access token that was given out. */
  readonly tokens: string[] = [];
  /** Over the answer with a token: fields to replace, `undefined` to leave out. */
  bent: Readonly<Record<string, unknown>> = {};
  readonly #federatedToken: string | null;
  readonly #resources: string[];
  readonly #codes = new Map<
    string,
    { readonly challenge: string; readonly redirectUri: string; readonly nonce: string }
  >();
  readonly #refreshTokens = new Set<string>();

  constructor(options: FakeEntraOptions = {}) {
    this.tenantId = options.tenantId ?? randomUUID();
    this.clientId = options.clientId ?? randomUUID();
    this.clientSecret = options.clientSecret ?? `secret-${randomUUID()}`;
    this.#federatedToken = options.federatedToken ?? null;
    this.#resources = [
      ...(options.resources ?? ["https://vault.azure.net", "api://mcp", "499b84ac-1321-427f-aa17-267ca6975798"]),
    ];
    this.server = new FaultyServer("https", (asked) => this.#answer(asked));
  }

  get url(): string {
    return this.server.url;
  }

  /** How often a token was asked for, whatever came of it. */
  get tokenRequests(): number {
    return this.server.asked.filter(({ url }) => url.pathname.endsWith("/oauth2/v2.0/token")).length;
  }

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Resources that the tenant learns of later: those whose port was not known before. */
  know(...resources: readonly string[]): void {
    this.#resources.push(...resources);
  }

  /** Forgets every login: the next refresh is refused. */
  revoke(): void {
    this.#refreshTokens.clear();
  }

  #answer(asked: Asked): Answered {
    const [tenant = "", ...rest] = asked.url.pathname.split("/").filter(Boolean);
    const known = [this.tenantId, "organizations", "common"].includes(tenant);
    const route = `${asked.method} ${rest.join("/")}`;
    if (!known) return refused(400, "invalid_tenant", 90002);
    if (route === "GET v2.0/.well-known/openid-configuration")
      return { status: 200, body: this.#configuration(tenant) };
    if (route === "GET oauth2/v2.0/authorize") return this.#authorize(asked.url.searchParams);
    if (route === "POST oauth2/v2.0/token") return this.#token(asked);
    return refused(404, "invalid_request", 900144);
  }

  #configuration(tenant: string) {
    const base = `${this.url}/${tenant}`;
    return {
      issuer: `${base}/v2.0`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    };
  }

  /** The person says yes at once: a page whose form brings the code home; its values are encoded as in a URL. */
  #authorize(query: URLSearchParams): Answered {
    const redirectUri = query.get("redirect_uri") ?? "";
    const challenge = query.get("code_challenge") ?? "";
    if (query.get("client_id") !== this.clientId) return refused(400, "unauthorized_client", 700016);
    if (!/^http:\/\/localhost(?::\d+)?\/?$/.test(redirectUri)) return refused(400, "invalid_request", 50011);
    if (query.get("response_type") !== "code" || query.get("code_challenge_method") !== "S256" || challenge === "") {
      return refused(400, "invalid_request", 501461);
    }
    if (query.get("response_mode") !== "form_post") return refused(400, "invalid_request", 9001023);
    const code = randomUUID();
    this.#codes.set(code, { challenge, redirectUri, nonce: query.get("nonce") ?? "" });
    const state = encodeURIComponent(query.get("state") ?? "");
    const inputs = `<input name="code" value="${code}"><input name="state" value="${state}">`;
    return { status: 200, body: `<form method="post" action="${redirectUri}">${inputs}</form>` };
  }

  #token({ form, headers }: Asked): Answered {
    if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
      return refused(400, "invalid_request", 900144);
    }
    if (form.get("client_id") !== this.clientId) return refused(400, "unauthorized_client", 700016);
    const grant = form.get("grant_type");
    if (grant === "client_credentials") return this.#toClient(form);
    if (grant === "authorization_code") return this.#toCode(form);
    if (grant === "refresh_token") {
      if (!this.#refreshTokens.has(form.get("refresh_token") ?? "")) return refused(400, "invalid_grant", 700082);
      return this.#issued(form, "");
    }
    return refused(400, "unsupported_grant_type", 70003);
  }

  #toClient(form: URLSearchParams): Answered {
    const isAsserted = form.get("client_assertion_type") === JWT_BEARER;
    if (isAsserted && form.get("client_assertion") !== this.#federatedToken)
      return refused(401, "invalid_client", 700027);
    if (!isAsserted && form.get("client_secret") !== this.clientSecret) return refused(401, "invalid_client", 7000215);
    return this.#issued(form, null);
  }

  #toCode(form: URLSearchParams): Answered {
    const code = form.get("code") ?? "";
    const kept = this.#codes.get(code);
    this.#codes.delete(code);
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (kept === undefined || kept.redirectUri !== form.get("redirect_uri"))
      return refused(400, "invalid_grant", 70000);
    if (kept.challenge !== challenge) return refused(400, "invalid_grant", 501481);
    return this.#issued(form, kept.nonce);
  }

  /** @param nonce of the person's login; null when no person is behind it */
  #issued(form: URLSearchParams, nonce: string | null): Answered {
    const scopes = (form.get("scope") ?? "")
      .split(" ")
      .filter((scope) => !/^(?:openid|profile|offline_access)$/.test(scope));
    const [scope = ""] = scopes;
    const resource = scope.replace(/\/\.default$/, "");
    if (scopes.length !== 1 || !scope.endsWith("/.default")) return refused(400, "invalid_scope", 1002012);
    if (!this.#resources.includes(resource)) return refused(400, "invalid_resource", 500011);
    const iat = Math.floor(this.server.nowMs() / 1000);
    const token = mint({
      aud: resource,
      iss: `${this.url}/${this.tenantId}/v2.0`,
      tid: this.tenantId,
      appid: this.clientId,
      oid: nonce === null ? this.principalId : PERSON,
      iat,
      exp: iat + this.lifeSeconds,
    });
    this.tokens.push(token);
    const person = nonce === null ? {} : this.#person(nonce, iat);
    const life = { expires_in: this.lifeSeconds, ext_expires_in: this.lifeSeconds };
    return {
      status: 200,
      body: { token_type: "Bearer", scope, ...life, access_token: token, ...person, ...this.bent },
    };
  }

  #person(nonce: string, iat: number) {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const refreshToken = `refresh-${randomUUID()}`;
    this.#refreshTokens.add(refreshToken);
    const claims = {
      aud: this.clientId,
      iss: `${this.url}/${this.tenantId}/v2.0`,
      tid: this.tenantId,
      oid: PERSON,
      sub: PERSON,
      preferred_username: "ada@example.test",
      name: "Ada",
      iat,
      exp: iat + 3600,
      ...(nonce === "" ? {} : { nonce }),
    };
    return {
      refresh_token: refreshToken,
      id_token: `${part({ typ: "JWT", alg: "none" })}.${part(claims)}.none`,
      client_info: part({ uid: PERSON, utid: this.tenantId }),
    };
  }
}

const PERSON = "11111111-1111-4111-8111-111111111111";

/** As Entra refuses: an OAuth word, its own number, and prose that names the tenant's insides. */
const refused = (status: number, error: string, number: number): Answered => ({
  status,
  body: {
    error,
    error_description: `AADSTS${number}: prose about tenant 'internal-tenant-name'. Trace ID: 0`,
    error_codes: [number],
    timestamp: "2026-01-01 00:00:00Z",
  },
});

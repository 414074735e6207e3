/**
 * `oauth`: tokens by the client credentials grant (RFC 6749, section 4.4), with a client secret or a signed assertion.
 * The secret goes to the issuer or endpoint that the settings name, and nowhere on a server's word alone.
 */

import * as z from "zod";
import { section } from "../../config/section.ts";
import { variableName } from "../../config/variable-name.ts";
import { AuthError } from "../auth-error.ts";
import type { AuthorizationServer } from "../discovery/authorization-server.ts";
import type { HttpAnswer } from "../http/http-question.ts";
import { ClientProof } from "../oauth/client-proof.ts";
import { IssuerClock } from "../oauth/issuer-clock.ts";
import { SIGNING_ALGORITHMS } from "../oauth/private-key.ts";
import { errorWord, tokenOf } from "../oauth/token-answer.ts";
import { WantedScopes } from "../oauth/wanted-scopes.ts";
import { doubtWay, wayToToken } from "../oauth/way-to-token.ts";
import { missingSecret, secretReference } from "../secret-reference.ts";
import { type StrategyKind, strategySection } from "../strategy-kind.ts";
import type { Refusal, Token, TokenSource } from "../token.ts";
import type { Surroundings } from "../world.ts";

const NAME_RULE = "must be the name of an environment variable: letters, digits and _";
const text = (rule: string) => z.string(rule).min(1, rule).max(2000, "must be at most 2000 characters long");

/** https, or http on this machine; neither a fragment (RFC 8414, section 2) nor somebody's password. */
const endpoint = (what: string) => {
  const rule = `must be ${what}: an https URL without a fragment, a user name or a password`;
  return text(rule).refine((value) => isEndpoint(value), rule);
};
const isEndpoint = (value: string): boolean => {
  const url = URL.parse(value);
  if (url === null || url.hash !== "" || url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && /^(localhost|127\..*|\[::1\])$/.test(url.hostname));
};

/** RFC 8707, section 2: an absolute URI without a fragment; Entra's `api://...` is one too. */
const RESOURCE_RULE = "must be an absolute URI without a fragment, or false";
const isResource = (value: string): boolean => URL.canParse(value) && !value.includes("#");

const schema = strategySection("oauth", "Gets tokens by OAuth's client credentials grant.", {
  clientId: z
    .union(
      [
        text("must be the id of a client"),
        section({
          env: variableName(NAME_RULE).describe("The environment variable (or line of .env) that holds the id."),
        }),
      ],
      { error: "must be the id of a client, or { env: NAME }" },
    )
    .optional()
    .meta({
      description: "The client's id at the authorization server, or the variable that holds it.",
      examples: ["load-test", { env: "OAUTH_CLIENT_ID" }],
    }),
  clientSecret: secretReference("the client's secret", "OAUTH_CLIENT_SECRET").optional(),
  privateKey: secretReference("the client's private key (PEM or JWK)", "OAUTH_PRIVATE_KEY").optional(),
  keyId: text("must be the id of a key")
    .optional()
    .meta({ description: "With privateKey: the `kid` under which the issuer knows it.", examples: ["2026-01"] }),
  algorithm: z
    .enum(SIGNING_ALGORITHMS, `must be one of ${SIGNING_ALGORITHMS.join(", ")}`)
    .optional()
    .describe("With privateKey: how it signs. Absent: RS256, ES256 or EdDSA, by the kind of the key."),
  issuer: endpoint("the issuer")
    .optional()
    .meta({
      description:
        "The authorization server that the secret is for. What the server under test names must be the same. Absent, without tokenEndpoint: no token is asked for, and `auth check` says which issuer to write here.",
      examples: ["https://login.example.com/tenant"],
    }),
  tokenEndpoint: endpoint("a token endpoint")
    .optional()
    .meta({
      description: "Where tokens are asked for, instead of finding out from the issuer's metadata.",
      examples: ["https://login.example.com/oauth2/token"],
    }),
  scope: text("must be scopes, parted by blanks")
    .optional()
    .meta({
      description: "The scopes to ask for. Absent: what the server says it needs, and more when it asks for more.",
      examples: ["mcp:read mcp:call"],
    }),
  resource: z
    .union([z.literal(false), text(RESOURCE_RULE).refine(isResource, RESOURCE_RULE)], { error: RESOURCE_RULE })
    .optional()
    .meta({
      description: "What the token is for (RFC 8707). Absent: the server's own URL. false: not sent.",
      examples: ["https://mcp.example.com", false],
    }),
  authMethod: z
    .enum(["auto", "basic", "post"], "must be auto, basic or post")
    .default("auto")
    .describe(
      "With clientSecret: where it is sent. auto: what the issuer's metadata allows, basic when it does not say.",
    ),
})
  // With identities, any of these may be a column of the list; each identity is checked by the same rules.
  .refine(({ clientId, identities }) => clientId !== undefined || identities !== undefined, { error: "needs clientId" })
  .refine(
    ({ clientSecret, privateKey, identities }) => {
      const proofs = [clientSecret, privateKey].filter((proof) => proof !== undefined).length;
      return proofs === 1 || (proofs === 0 && identities !== undefined);
    },
    { error: "needs exactly one of clientSecret and privateKey" },
  )
  .refine(({ clientSecret, keyId }) => clientSecret === undefined || keyId === undefined, {
    path: ["keyId"],
    error: "goes with privateKey, not with clientSecret",
  })
  .refine(({ clientSecret, algorithm }) => clientSecret === undefined || algorithm === undefined, {
    path: ["algorithm"],
    error: "goes with privateKey, not with clientSecret",
  })
  .refine(({ privateKey, authMethod }) => privateKey === undefined || authMethod === "auto", {
    path: ["authMethod"],
    error: "goes with clientSecret, not with privateKey",
  });

export type OAuthSettings = z.output<typeof schema>;

export const oauth: StrategyKind<OAuthSettings> = {
  schema,
  source: (settings, surroundings) => new ClientCredentials(settings, surroundings),
  missing: ({ clientId, clientSecret, privateKey }, surroundings) => {
    if (typeof clientId === "object" && surroundings.lookup(clientId.env) === undefined) return clientId.env;
    const reference = clientSecret ?? privateKey;
    return reference === undefined ? null : missingSecret(reference, surroundings);
  },
};

/** Finding out takes up to six exchanges before the one that brings the token, each with a limit of its own. */
const FETCH_LIMIT_MS = 30_000;

/** RFC 6749, section 5.2; Auth0 and its like say the second. */
const SCOPE_DENIED: ReadonlySet<string> = new Set(["invalid_scope", "access_denied"]);

/** Gone, moved, or no token endpoint at all. */
const WRONG_PLACE_STATUSES: ReadonlySet<number> = new Set([301, 302, 307, 308, 404, 405, 410]);

/** The system's and OpenSSL's words for a name that is not there and a certificate that is somebody else's. */
const WRONG_PLACE_CODE = /^(ENOTFOUND|.*CERT.*|UNABLE_TO_VERIFY_.*)$/;

/**
 * Whether an endpoint shows that tokens are not had there. One that is down, slow or busy is where it was: finding out
 * anew asks the server under test, which may be just as busy, and would lose a way that is right.
 */
const isWrongPlace = (error: unknown): boolean => {
  if (!(error instanceof AuthError)) return false;
  const { status, why = "" } = error.detail;
  if (status !== undefined) return WRONG_PLACE_STATUSES.has(status);
  return error.code === "AUTH_UNTRUSTED" || (error.code === "AUTH_UNREACHABLE" && WRONG_PLACE_CODE.test(why));
};

class ClientCredentials implements TokenSource {
  readonly limitMs = FETCH_LIMIT_MS;
  readonly #settings: OAuthSettings;
  readonly #surroundings: Surroundings;
  readonly #scopes: WantedScopes;
  readonly #clock: IssuerClock;
  readonly #proof: ClientProof;

  constructor(settings: OAuthSettings, surroundings: Surroundings) {
    this.#settings = settings;
    this.#surroundings = surroundings;
    this.#scopes = new WantedScopes(settings.scope, surroundings.server.name);
    this.#clock = new IssuerClock(surroundings.now);
    this.#proof = new ClientProof(settings, surroundings, this.#clock);
  }

  async fetch(refusal: Refusal | null): Promise<Token> {
    const missing = this.#scopes.missing(refusal);
    const way = wayToToken(this.#settings, this.#surroundings);
    const { authorizationServer, resource, scopes } = await way;
    const asked = this.#scopes.ask(scopes, missing);
    try {
      const answer = await this.#ask(authorizationServer, this.#parameters(resource, asked));
      const isDenied = answer.status >= 400 && SCOPE_DENIED.has(errorWord(answer) ?? "");
      const denial = isDenied ? this.#scopes.denied(missing, answer.status) : null;
      if (denial !== null) throw denial;
      const token = await tokenOf(answer, withoutQuery(authorizationServer.tokenEndpoint), this.#surroundings.now());
      this.#surroundings.learn(token.value);
      this.#scopes.granted(asked, missing);
      return token;
    } catch (error) {
      if (isWrongPlace(error)) doubtWay(way, this.#settings, this.#surroundings);
      // Whoever is down or asks to wait takes the secret that it took before.
      if (error instanceof AuthError && error.code === "AUTH_REFUSED") this.#proof.forget();
      throw error;
    }
  }

  #parameters(resource: string, scopes: readonly string[]): Readonly<Record<string, string>> {
    const wanted = this.#settings.resource ?? resource;
    return {
      grant_type: "client_credentials",
      ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
      ...(wanted === false ? {} : { resource: wanted }),
    };
  }

  /** Asks again, once, when an assertion was refused by an issuer whose clock turns out to be another than ours. */
  async #ask(server: AuthorizationServer, parameters: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    const answer = await this.#askOnce(server, parameters);
    const isRefused = answer.status >= 400 && errorWord(answer) === "invalid_client";
    if (!(isRefused && this.#proof.isDated && this.#clock.correctFrom(answer))) return answer;
    return this.#askOnce(server, parameters);
  }

  async #askOnce(
    { issuer, tokenEndpoint, tokenEndpointTrust, authMethods }: AuthorizationServer,
    parameters: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer> {
    const { http, server } = this.#surroundings;
    const body = new URLSearchParams(parameters);
    const headers = new Headers({ accept: "application/json", "content-type": "application/x-www-form-urlencoded" });
    const authenticate = await this.#proof.authentication(authMethods);
    await authenticate({ issuer, token_endpoint: tokenEndpoint }, { client_id: this.#clientId() }, body, headers);
    return http({
      method: "POST",
      url: tokenEndpoint,
      headers: Object.fromEntries(headers),
      body: body.toString(),
      trust: tokenEndpointTrust,
      server,
    });
  }

  #clientId(): string {
    const { clientId } = this.#settings;
    if (typeof clientId === "string") return clientId;
    const place = clientId?.env ?? "clientId";
    const id = this.#surroundings.lookup(place)?.trim() ?? "";
    if (id === "") throw new AuthError("AUTH_MISSING", { place });
    return id;
  }
}

const withoutQuery = (url: string): string => url.split("?")[0] ?? "";

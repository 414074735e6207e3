import { generateKeyPairSync } from "node:crypto";
import { onTestFinished } from "vitest";
import { guardedHttp } from "../../../auth/http/guarded-http.ts";
import { type OAuthSettings, oauth } from "../../../auth/strategy/oauth.ts";
import type { TokenSource } from "../../../auth/token.ts";
import type { Surroundings } from "../../../auth/world.ts";
import { OAuthServer, type OAuthServerOptions } from "../../fakes/oauth-server.ts";
import { ProtectedMcpServer } from "../../fakes/protected-mcp-server.ts";
import { TestAuthority } from "../../fakes/test-tls.ts";
import { FakeWorld, surroundingsIn } from "../fake-world.ts";

export const SECRET = "s3cret/with+special:characters~and ünicode";

export const KEYS = {
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: generateKeyPairSync("ed25519"),
} as const;

/** A real authorization server and a real MCP server, and what the strategy needs to come to a token for it. */
export interface ProtectedSetting {
  readonly authority: TestAuthority;
  readonly oauth: OAuthServer;
  readonly mcp: ProtectedMcpServer;
  /** The strategy's environment. */
  readonly env: Record<string, string>;
  readonly world: FakeWorld;
  /** Everything that the redactor was told. */
  readonly learned: string[];
  /** Its parts may be replaced before `source` is called. */
  readonly surroundings: { -readonly [Key in keyof Surroundings]: Surroundings[Key] };
  /** @param over keys of the `auth` section beside `strategy`, `clientId`, `clientSecret` and `issuer`; null leaves one out */
  source(over?: Readonly<Record<string, unknown>>): TokenSource;
}

export const settingsOf = (keys: Readonly<Record<string, unknown>>): OAuthSettings =>
  oauth.schema.parse(
    Object.fromEntries(Object.entries({ strategy: "oauth", ...keys }).filter(([, value]) => value !== null)),
  );

export const protectedSetting = async (options: Partial<OAuthServerOptions> = {}): Promise<ProtectedSetting> => {
  const authority = new TestAuthority();
  const server = await OAuthServer.start(authority, {
    clients: {
      "load-test": { secret: SECRET },
      ...Object.fromEntries(
        Object.entries(KEYS).map(([algorithm, { publicKey }]) => [algorithm, { key: { publicKey, algorithm } }]),
      ),
      PS256: { key: { publicKey: KEYS.RS256.publicKey, algorithm: "PS256", keyId: "2026-01" } },
    },
    ...options,
  });
  const mcp = await ProtectedMcpServer.start(authority, (token) => server.introspect(token));
  mcp.protection.authorizationServers = [server.issuer];
  onTestFinished(async () => {
    await Promise.all([server.close(), mcp.close()]);
    authority.close();
  });
  const env: Record<string, string> = { OAUTH_CLIENT_SECRET: SECRET };
  const world = new FakeWorld();
  const learned: string[] = [];
  const surroundings = surroundingsIn(world, {
    lookup: (name) => env[name],
    now: Date.now,
    http: (question) => guardedHttp(question),
    learn: (secret) => void learned.push(secret),
    server: { name: "protected", url: mcp.url, headers: {}, tls: { ca: authority.caPath } },
  });
  return {
    authority,
    oauth: server,
    mcp,
    env,
    world,
    learned,
    surroundings,
    source: (over = {}) =>
      oauth.source(
        settingsOf({
          clientId: "load-test",
          clientSecret: { env: "OAUTH_CLIENT_SECRET" },
          issuer: server.issuer,
          ...over,
        }),
        surroundings,
      ),
  };
};

export const pemOf = (algorithm: keyof typeof KEYS): string =>
  KEYS[algorithm].privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** Sends one request as the bridge would. @returns the status of the MCP server's answer */
export const statusWith = async (
  { surroundings, mcp }: ProtectedSetting,
  token: string | undefined,
): Promise<number> => {
  const { status } = await guardedHttp({
    method: "POST",
    url: mcp.url,
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
    }),
    trust: "given",
    server: surroundings.server,
  });
  return status;
};

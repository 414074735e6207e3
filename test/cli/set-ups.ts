/** Set-ups of a server and its credential, good and broken, on real sockets: what `auth check` is tried against. */

import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { FakeEntra } from "../fakes/entra.ts";
import { TEST_CA } from "../fakes/faulty-server.ts";
import { FakeKeyVault } from "../fakes/key-vault.ts";
import { OAuthServer } from "../fakes/oauth-server.ts";
import { ProtectedMcpServer } from "../fakes/protected-mcp-server.ts";
import { TestAuthority } from "../fakes/test-tls.ts";

/** Long and odd enough to be found wherever it may have got to. */
export const SECRETS = {
  good: "canary-7d1f-good-token",
  wrong: "canary-7d1f-wrong-token",
  narrow: "canary-7d1f-narrow-token",
  clientSecret: "canary-7d1f-client-secret",
  wrongSecret: "canary-7d1f-wrong-client-secret",
  blanks: "canary-7d1f with blanks",
} as const;

/** A JWT that says of itself when it ends, from now; nobody checks its signature. */
export const tokenEnding = (inMinutes: number): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + inMinutes * 60;
  return `${part({ alg: "none" })}.${part({ aud: "https://mcp.example.com", idtyp: "app", exp })}.canary-7d1f-signature`;
};

/** The servers that all set-ups share. */
export class Scene {
  readonly authority: TestAuthority;
  readonly entra = new FakeEntra({ clientSecret: SECRETS.clientSecret });
  readonly vault = new FakeKeyVault(() => `${this.entra.url}/${this.entra.tenantId}`);
  readonly oauth: OAuthServer;
  readonly mcp: ProtectedMcpServer;
  readonly #plain: Server[] = [];

  private constructor(oauth: OAuthServer, mcp: ProtectedMcpServer, authority: TestAuthority) {
    this.oauth = oauth;
    this.mcp = mcp;
    this.authority = authority;
  }

  static async open(): Promise<Scene> {
    const authority = new TestAuthority();
    const oauth = await OAuthServer.start(authority, { clients: { "load-test": { secret: SECRETS.clientSecret } } });
    const mcp: ProtectedMcpServer = await ProtectedMcpServer.start(authority, (token) => {
      const known = { clientId: "load-test", resource: mcp.url, number: 0 };
      if (token === SECRETS.good) return { ...known, scopes: ["mcp:read"] };
      if (token === SECRETS.narrow) return { ...known, scopes: [] };
      if (scene.entra.tokens.includes(token)) return { ...known, scopes: ["mcp:read"] };
      return oauth.introspect(token);
    });
    const scene = new Scene(oauth, mcp, authority);
    mcp.protection.scopes = ["mcp:read"];
    mcp.protection.authorizationServers = [oauth.issuer];
    await Promise.all([scene.entra.start(), scene.vault.start()]);
    // Azure's clients know no file of certificates but that of the process.
    setDefaultCACertificates([...getCACertificates("bundled"), TEST_CA.certPem]);
    return scene;
  }

  /** An MCP endpoint of its own, plain http on this machine. @returns its URL */
  async serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    this.#plain.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  }

  async close(): Promise<void> {
    for (const server of this.#plain) {
      server.closeAllConnections();
      server.close();
    }
    await Promise.all([this.oauth.close(), this.mcp.close(), this.entra.stop(), this.vault.stop()]);
    this.authority.close();
  }

  /** `credential` of Azure's strategies: the fake tenant. */
  get credential(): string {
    return `{ use: environment, authorityHost: "${this.entra.url}", instanceDiscovery: false }`;
  }

  get azureVariables(): Record<string, string> {
    return {
      AZURE_TENANT_ID: this.entra.tenantId,
      AZURE_CLIENT_ID: this.entra.clientId,
      AZURE_CLIENT_SECRET: SECRETS.clientSecret,
    };
  }
}

/** What a person has written and set. */
export interface SetUp {
  /** Of the server's `auth` key. */
  readonly auth: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Files beside loadtest.yaml. */
  readonly files?: Readonly<Record<string, string>>;
  /** Default: that of the protected server. */
  readonly url?: string;
  /** Default: the scene's certificate authority is trusted. */
  readonly isTrusted?: boolean;
  /** Limit of the handshake. */
  readonly initialize?: string;
  /** In the place of the scene's certificate authority. */
  readonly tls?: string;
  readonly maxAnswer?: string;
  /** Another server after it, as YAML. */
  readonly beside?: string;
}

export const yamlOf = (
  { auth, url, isTrusted = true, initialize = "5s", tls, maxAnswer, beside }: SetUp,
  scene: Scene,
): string =>
  [
    "servers:",
    "  mine:",
    `    url: ${url ?? scene.mcp.url}`,
    `    auth: ${auth}`,
    ...(isTrusted ? [`    tls: ${tls ?? `{ ca: ${scene.authority.caPath} }`}`] : []),
    ...(maxAnswer === undefined ? [] : [`    maxAnswer: ${maxAnswer}`]),
    `    limits: { initialize: ${initialize} }`,
    ...(beside === undefined ? [] : [`  beside: ${beside}`]),
    "",
  ].join("\n");

/** Answers every request as an MCP server of the session era that wants no credential. */
export const openServer =
  (headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (request, response) => {
    request.resume();
    const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "open", version: "0" } };
    response.writeHead(200, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result }));
  };

/** Wants some token, and takes each or none. @param status for whoever has one */
export const hastyServer =
  (status: number): RequestListener =>
  (request, response) => {
    if (request.headers.authorization !== undefined && status < 300) return openServer()(request, response);
    request.resume();
    response.writeHead(request.headers.authorization === undefined ? 401 : status).end();
  };

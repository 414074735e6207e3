import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { IssuedToken } from "./oauth-server.ts";
import type { HttpsServer, TestAuthority } from "./test-tls.ts";

/**
 * An MCP server (official SDK, sessions) over HTTPS that wants a token for itself on every request, and says as the
 * specification does where to get one. It knows whose session is whose, and counts by identity.
 */

/** What the server is told of a token by its issuer; null when it is not active. */
export type Introspect = (token: string) => Pick<IssuedToken, "clientId" | "scopes" | "resource" | "number"> | null;

/** May be changed while it runs. */
export interface Protection {
  /** Scopes that every request needs. */
  scopes: readonly string[];
  /** Scopes that a call of the tool needs beside them. */
  toolScopes: Readonly<Record<string, readonly string[]>>;
  /** `authorization_servers` of its metadata. */
  authorizationServers: readonly string[];
  /** Whether a token has to be for this server (RFC 8707). */
  checksAudience: boolean;
  /** Takes the place of its `www-authenticate`; null sends none. */
  challenge: string | null | undefined;
  /** Added to its metadata, or put in its place. */
  metadata: Readonly<Record<string, unknown>>;
}

export class ProtectedMcpServer {
  readonly protection: Protection = {
    scopes: [],
    toolScopes: {},
    authorizationServers: [],
    checksAudience: true,
    challenge: undefined,
    metadata: {},
  };
  readonly counts = {
    /** Requests without any token, with one that is not active or for somebody else, with one that reaches too short. */
    absent: 0,
    invalid: 0,
    insufficient: 0,
    metadata: 0,
    sessions: 0,
    calls: 0,
    /** Requests in a session of another identity. */
    strangers: 0,
  };
  /** Tool calls by client. */
  readonly callsOf = new Map<string, number>();
  /** Numbers of the tokens that were taken. */
  readonly tokensSeen = new Set<number>();

  readonly #introspect: Introspect;
  readonly #sessions = new Map<string, { readonly transport: StreamableHTTPServerTransport; readonly owner: string }>();
  #server: HttpsServer | null = null;

  private constructor(introspect: Introspect) {
    this.#introspect = introspect;
  }

  static async start(authority: Pick<TestAuthority, "serve">, introspect: Introspect): Promise<ProtectedMcpServer> {
    const server = new ProtectedMcpServer(introspect);
    server.#server = await authority.serve("mcp server", (request, response) => void server.#handle(request, response));
    return server;
  }

  get origin(): string {
    return this.#server?.origin ?? "";
  }
  get url(): string {
    return `${this.origin}/mcp`;
  }
  get metadataUrl(): string {
    return `${this.origin}/.well-known/oauth-protected-resource/mcp`;
  }

  /** As a restart does: it knows no session any more. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "", this.origin);
    if (this.origin + pathname === this.metadataUrl) {
      this.counts.metadata += 1;
      const { authorizationServers, scopes, metadata } = this.protection;
      const document = { resource: this.url, authorization_servers: authorizationServers, scopes_supported: scopes };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ ...document, ...metadata }));
      return;
    }
    if (pathname !== "/mcp") return void response.writeHead(404).end();
    const text = await textOf(request);
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    const tool = toolOf(body);
    const client = this.#admit(request, response, tool);
    if (client === null) return;
    if (tool !== null) {
      this.counts.calls += 1;
      this.callsOf.set(client, (this.callsOf.get(client) ?? 0) + 1);
    }
    await this.#serve(request, response, body, client);
  }

  /** @returns whose token it is, or null when the answer has been given */
  #admit(request: IncomingMessage, response: ServerResponse, tool: string | null): string | null {
    const { scopes, toolScopes, checksAudience } = this.protection;
    const token = /^Bearer ([\x21-\x7e]+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) {
      this.counts.absent += 1;
      this.#refuse(response, 401, {});
      return null;
    }
    const info = this.#introspect(token);
    if (info === null || (checksAudience && info.resource !== this.url)) {
      this.counts.invalid += 1;
      this.#refuse(response, 401, { error: "invalid_token" });
      return null;
    }
    const needed = [...scopes, ...(tool === null ? [] : (toolScopes[tool] ?? []))];
    if (!needed.every((scope) => info.scopes.includes(scope))) {
      this.counts.insufficient += 1;
      this.#refuse(response, 403, { error: "insufficient_scope", scope: needed.join(" ") });
      return null;
    }
    this.tokensSeen.add(info.number);
    return info.clientId;
  }

  #refuse(response: ServerResponse, status: number, params: Readonly<Record<string, string>>): void {
    const all = { ...params, resource_metadata: this.metadataUrl };
    const own = `Bearer ${Object.entries(all)
      .map(([name, value]) => `${name}="${value}"`)
      .join(", ")}`;
    const challenge = this.protection.challenge === undefined ? own : this.protection.challenge;
    response.writeHead(status, challenge === null ? {} : { "www-authenticate": challenge }).end();
  }

  async #serve(request: IncomingMessage, response: ServerResponse, body: unknown, client: string): Promise<void> {
    const known = this.#sessions.get(String(request.headers["mcp-session-id"]));
    if (known !== undefined) {
      if (known.owner === client) return known.transport.handleRequest(request, response, body);
      this.counts.strangers += 1;
      return void response.writeHead(403).end();
    }
    if ((body as { method?: string } | undefined)?.method !== "initialize") {
      response.writeHead(404, { "content-type": "application/json" });
      response.end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}');
      return;
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: true,
      onsessioninitialized: (id) => {
        this.counts.sessions += 1;
        this.#sessions.set(id, { transport, owner: client });
      },
      onsessionclosed: (id) => {
        this.#sessions.delete(id);
      },
    });
    await tools(client).connect(transport);
    await transport.handleRequest(request, response, body);
  }
}

const tools = (client: string): McpServer => {
  const server = new McpServer({ name: "protected", version: "1" });
  server.registerTool("whoami", {}, () => ({ content: [{ type: "text", text: client }] }));
  server.registerTool("write", {}, () => ({ content: [{ type: "text", text: "written" }] }));
  return server;
};

const toolOf = (body: unknown): string | null => {
  const { method, params } = (body ?? {}) as { method?: string; params?: { name?: string } };
  return method === "tools/call" ? (params?.name ?? "") : null;
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

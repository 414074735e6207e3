/**
 * A stateful MCP server on SDK v1: one McpServer and one transport a session, found again by `Mcp-Session-Id`. Sessions end
 * by DELETE, when they idle, or as the oldest when there are too many; there is no event store, so nothing else grows.
 */

import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { forgetAnswered } from "./answered-requests.ts";
import type { Counter } from "./counts.ts";
import { type Face, refuse } from "./face.ts";
import { messagesIn } from "./message.ts";

interface Session {
  readonly transport: StreamableHTTPServerTransport;
  /** Requests under way, an open GET stream included: such a session does not idle. */
  active: number;
  usedAtMs: number;
}

export interface SessionFaceOptions {
  readonly createServer: () => McpServer;
  /** How requests are answered: one JSON body, or a stream of server-sent events. */
  readonly answers: "json" | "sse";
  readonly counter: Counter;
  readonly maxSessions?: number;
  readonly idleMs?: number;
  readonly nowMs?: () => number;
}

const SWEEP_MS = 30_000;

export class SessionFace implements Face {
  /** In order of use: the first is the one that has waited longest. */
  readonly #sessions = new Map<string, Session>();
  readonly #options: Required<SessionFaceOptions>;
  readonly #sweeper: NodeJS.Timeout;

  constructor(options: SessionFaceOptions) {
    this.#options = { maxSessions: 10_000, idleMs: 600_000, nowMs: () => performance.now(), ...options };
    this.#sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  async handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const id = request.headers["mcp-session-id"];
    if (typeof id === "string") return this.#continue(id, request, response, body);
    if (messagesIn(body).some(({ method }) => method === "initialize")) return this.#open(request, response, body);
    this.#options.counter.refused("noSession");
    return refuse(response, 400, { code: -32000, message: "Bad Request: no session id and no initialize" });
  }

  /** Ends the sessions that idled for too long. Runs on a timer. */
  sweep(): void {
    const oldestMs = this.#options.nowMs() - this.#options.idleMs;
    for (const [id, session] of this.#sessions) {
      if (session.active === 0 && session.usedAtMs < oldestMs) this.#expire(id, session);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    const open = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(open.map(({ transport }) => transport.close()));
  }

  async #continue(id: string, request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const session = this.#sessions.get(id);
    if (!session) {
      this.#options.counter.refused("unknownSession");
      return refuse(response, 404, { code: -32001, message: "Session not found" });
    }
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    session.active++;
    response.once("close", () => {
      session.active--;
      session.usedAtMs = this.#options.nowMs();
    });
    await session.transport.handleRequest(request, response, body);
    if (this.#options.answers === "json") forgetAnswered(session.transport);
  }

  async #open(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const { answers, counter, createServer, maxSessions, nowMs } = this.#options;
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: answers === "json",
      onsessioninitialized: (id) => {
        const [oldest] = this.#sessions;
        if (this.#sessions.size >= maxSessions && oldest) this.#expire(...oldest);
        this.#sessions.set(id, { transport, active: 0, usedAtMs: nowMs() });
        counter.sessionOpened();
      },
      // The transport closes itself after this.
      onsessionclosed: (id) => {
        if (this.#sessions.delete(id)) counter.sessionEnded("deleted");
      },
    });
    const server = createServer();
    // The class declares its callbacks as possibly undefined, its own interface as absent: only exactOptionalPropertyTypes sees it.
    await server.connect(transport as Transport);
    await transport.handleRequest(request, response, body);
    if (transport.sessionId === undefined) await server.close();
  }

  #expire(id: string, session: Session): void {
    this.#sessions.delete(id);
    this.#options.counter.sessionEnded("expired");
    void session.transport.close();
  }
}

/**
 * A stateless MCP server on SDK v2 for both protocol eras: 2026-07-28 as such, and the session era without sessions (a fresh
 * McpServer a request, no session id, 405 to GET and DELETE).
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { type NodeIncomingMessageLike, type NodeMcpRequestHandler, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpHttpHandler, type McpServer } from "@modelcontextprotocol/server";
import type { Face } from "./face.ts";

export class StatelessFace implements Face {
  readonly #handler: McpHttpHandler;
  readonly #serve: NodeMcpRequestHandler;

  constructor(createServer: () => McpServer) {
    this.#handler = createMcpHandler(createServer);
    this.#serve = toNodeHandler(this.#handler);
  }

  handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    // Node declares `url` as possibly undefined, the SDK as absent: only exactOptionalPropertyTypes sees the difference.
    return this.#serve(request as NodeIncomingMessageLike, response, body);
  }

  close(): Promise<void> {
    return this.#handler.close();
  }
}

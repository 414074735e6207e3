/** The MCP half of a demo server: what the HTTP front hands a checked, counted and delayed request to. */

import type { IncomingMessage, ServerResponse } from "node:http";

export interface Face {
  /** @param body the parsed body of a POST, else undefined */
  handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void>;
  close(): Promise<void>;
}

/** A JSON-RPC error that belongs to no request, as the SDKs answer one at the HTTP level. */
export function refuse(response: ServerResponse, status: number, error: { code: number; message: string }): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ jsonrpc: "2.0", error, id: null }));
}

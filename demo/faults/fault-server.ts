/** A real MCP server with one fault: sessions, JSON answers, loopback only. Beside `/mcp` it has `GET /memory`. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { localhostHostValidation, localhostOriginValidation } from "@modelcontextprotocol/node";
import { readBody } from "../body.ts";
import { Counter } from "../counts.ts";
import { refuse } from "../face.ts";
import { messagesIn } from "../message.ts";
import { SessionFace } from "../session-face.ts";
import type { Fault, Refusal } from "./fault.ts";
import { faultyTools } from "./tools.ts";

const HOST = "127.0.0.1";
const KEEP_ALIVE_MS = 75_000;

export interface FaultServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @param port 0 takes a free one @throws the listen error with its code */
export const startFaultServer = async (fault: Fault, port = 0): Promise<FaultServer> => {
  const face = new SessionFace({ createServer: () => faultyTools(fault), answers: "json", counter: new Counter() });
  const http = createServer((request, response) => {
    serve(request, response, fault, face).catch((cause: unknown) => {
      if (response.headersSent || response.destroyed) return response.destroy();
      refuse(response, 500, { code: -32603, message: "Internal error" });
      console.error(cause instanceof Error ? cause.message : "unknown error");
    });
  });
  http.keepAliveTimeout = KEEP_ALIVE_MS;
  const listen = (on: number) =>
    new Promise<number>((resolve, reject) => {
      http.once("error", reject);
      http.listen(on, HOST, () => resolve((http.address() as AddressInfo).port));
    });
  const chosen = await listen(port);
  const ended = new AbortController();
  if (fault.closedForMs !== undefined) {
    // The system chose the port; now it is closed again until the server is ready.
    await new Promise((resolve) => http.close(resolve));
    wait(fault.closedForMs, undefined, { signal: ended.signal }).then(
      () => listen(chosen),
      () => undefined, // it was ended before it was ready
    );
  }
  return {
    url: `http://${HOST}:${chosen}/mcp`,
    close: async () => {
      ended.abort();
      const closed = new Promise((resolve) => http.close(resolve));
      await face.close();
      http.closeAllConnections();
      await closed;
    },
  };
};

const isLocalHost = localhostHostValidation();
const isLocalOrigin = localhostOriginValidation();

const serve = async (request: IncomingMessage, response: ServerResponse, fault: Fault, face: SessionFace) => {
  // Both have answered when they say no.
  if (!isLocalHost(request, response) || !isLocalOrigin(request, response)) return;
  if (request.url === "/memory") {
    const { rss, heapUsed } = process.memoryUsage();
    response.writeHead(200, { "content-type": "application/json" });
    return void response.end(JSON.stringify({ rssBytes: rss, heapUsedBytes: heapUsed }));
  }
  if (request.url !== "/mcp") return refuse(response, 404, { code: -32000, message: "not found" });
  const refusal = fault.refuse?.() ?? null;
  if (refusal !== null) return refuseAs(request, response, refusal);
  if (request.method !== "POST") return face.handle(request, response, undefined);
  const body = await readBody(request);
  if (!body.ok) return refuse(response, body.status, { code: -32700, message: body.message });
  const isCall = messagesIn(body.value).some(({ method }) => method === "tools/call");
  if (isCall && fault.hangsUpOnCall?.()) return void response.destroy();
  const callRefusal = isCall ? (fault.refuseCall?.() ?? null) : null;
  if (callRefusal !== null) return refuseAs(request, response, callRefusal);
  await face.handle(request, response, body.value);
};

const refuseAs = (request: IncomingMessage, response: ServerResponse, { status, message, retryAfterS }: Refusal) => {
  // The rest of the body, or the connection could not be used again.
  request.resume();
  if (retryAfterS !== undefined) response.setHeader("retry-after", String(retryAfterS));
  refuse(response, status, { code: -32000, message });
};

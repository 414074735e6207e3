/**
 * The HTTP front that all four demo servers share: loopback only, Host and Origin checked, then bearer rule, counts and delay,
 * in this order; what is left goes to the server's own MCP face. Beside `/mcp` it has `GET /__counts` and `POST /__reset`.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { localhostHostValidation, localhostOriginValidation } from "@modelcontextprotocol/node";
import { type BearerRule, challenge, isAuthorized, METADATA_PATH, resourceMetadata } from "./bearer.ts";
import { readBody } from "./body.ts";
import type { Counter, Counts } from "./counts.ts";
import type { DelaySource } from "./delays.ts";
import { type Face, refuse } from "./face.ts";
import { delayOperation, messageName, messagesIn } from "./message.ts";
import type { ServerName } from "./server-name.ts";

export interface DemoServer {
  readonly name: ServerName;
  readonly url: string;
  counts(): Counts;
  reset(): void;
  close(): Promise<void>;
}

export interface DemoServerOptions {
  readonly name: ServerName;
  /** 0 takes a free one. */
  readonly port: number;
  readonly face: Face;
  readonly counter: Counter;
  readonly bearer: BearerRule;
  readonly tokens: readonly string[];
  readonly delay: DelaySource;
}

const HOST = "127.0.0.1";
/** Longer than any think time: Node's own 5 s would race with the next call of a user who has just thought. */
const KEEP_ALIVE_MS = 75_000;
/** What a request costs here apart from its delay, taken off the delay so that the table's short rows hold too. */
const OWN_COST_MS = 1;

/** @throws the listen error (`EADDRINUSE`, …) with its code */
export async function startDemoServer(options: DemoServerOptions): Promise<DemoServer> {
  const http = createServer((request, response) => {
    serve(request, response, { ...options, origin: originOf(http) }).catch((cause: unknown) => {
      // A client that goes away while its body is read ends here too; nobody is left to be told.
      if (response.headersSent || response.destroyed) return response.destroy();
      refuse(response, 500, { code: -32603, message: "Internal error" });
      console.error(`${options.name}: ${cause instanceof Error ? cause.message : "unknown error"}`);
    });
  });
  http.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(options.port, HOST, resolve);
  });
  return {
    name: options.name,
    url: `${originOf(http)}/mcp`,
    counts: () => options.counter.snapshot(),
    reset: () => options.counter.reset(),
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      await options.face.close();
      http.closeAllConnections();
      await closed;
    },
  };
}

const originOf = (http: Server): string => `http://${HOST}:${(http.address() as AddressInfo).port}`;

const isLocalHost = localhostHostValidation();
const isLocalOrigin = localhostOriginValidation();

type Context = DemoServerOptions & { readonly origin: string };

async function serve(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  // Both have answered when they say no.
  if (!isLocalHost(request, response) || !isLocalOrigin(request, response)) return;
  const path = request.url?.split("?", 1)[0] ?? "/";
  if (path === "/mcp") return serveMcp(request, response, context);
  const route = `${request.method} ${path}`;
  if (route === "GET /__counts") return sendJson(response, 200, context.counter.snapshot());
  if (route === "POST /__reset") {
    context.counter.reset();
    return sendJson(response, 200, context.counter.snapshot());
  }
  const isMetadata = path === METADATA_PATH || path === METADATA_PATH.replace(/\/mcp$/, "");
  if (request.method === "GET" && isMetadata && context.bearer !== "none") {
    return sendJson(response, 200, resourceMetadata(context.origin, context.name));
  }
  sendJson(response, 404, { error: "not found" });
}

async function serveMcp(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const { bearer, counter, delay, face, origin, tokens } = context;
  counter.httpRequest(request.method ?? "");
  if (request.method !== "GET") {
    response.once("close", () => {
      if (!response.writableFinished) counter.aborted();
    });
  }
  if (!isAuthorized(request, bearer, tokens)) {
    counter.refused("unauthorized");
    request.resume();
    return challenge(request, response, origin);
  }
  if (request.method !== "POST") return face.handle(request, response, undefined);

  const body = await readBody(request);
  if (!body.ok) {
    counter.refused("badBody");
    return refuse(response, body.status, { code: -32700, message: body.message });
  }
  const messages = messagesIn(body.value);
  for (const message of messages) counter.message(messageName(message));
  const asked = messages.find(({ isRequest }) => isRequest);
  if (asked) {
    const delayMs = delay(delayOperation(asked)) - OWN_COST_MS;
    if (delayMs > 0) await wait(delayMs);
    if (response.destroyed) return;
  }
  await face.handle(request, response, body.value);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/**
 * A stateful MCP server on SDK v1 that writes down what it received: one line in a journal for each event, written
 * before anything is done about it, so that the file is right whoever is killed, this server included.
 *
 *   node counting-server.ts --journal FILE [--port N] [--answers json|sse] [--silent] [--token FILE]
 *
 * Prints its URL when it listens, and ends with its standard input, so with the test that started it. With --silent it
 * reads everything and never answers. With --token it wants the token that is in the file at that moment, and answers
 * anything else with 401.
 */

import { randomUUID } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import * as z from "zod";

const { journal, port, answers, silent, token } = parseArgs({
  options: {
    journal: { type: "string", default: "journal" },
    port: { type: "string", default: "0" },
    answers: { type: "string", default: "json" },
    silent: { type: "boolean", default: false },
    token: { type: "string" },
  },
}).values;

const sessions = new Map<string, StreamableHTTPServerTransport>();

/**
 * `answered`: the whole answer was written; `unanswered`: the client's connection was gone before; `refused`: with 401,
 * and not received.
 */
const note = (event: "received" | "answered" | "unanswered" | "refused", name: string): void =>
  appendFileSync(journal, `${event} ${name}\n`);

const countedServer = (): McpServer => {
  const server = new McpServer({ name: "counting", version: "1.0.0" });
  const said = (text: string) => ({ content: [{ type: "text" as const, text }] });
  server.registerTool("quick", { description: "Answers at once." }, () => said("quick"));
  server.registerTool("faulty", { description: "Answers isError." }, () => ({ ...said("no"), isError: true }));
  server.registerTool(
    "slow",
    { description: "Answers after some time.", inputSchema: { ms: z.number() } },
    async ({ ms }) => {
      await wait(ms, undefined, { ref: false });
      return said("slow");
    },
  );
  return server;
};

const newTransport = async (): Promise<StreamableHTTPServerTransport> => {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    enableJsonResponse: answers === "json",
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  });
  // The class declares its callbacks as possibly undefined, its own interface as absent.
  await countedServer().connect(transport as Transport);
  return transport;
};

const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = request.method === "POST" ? await json(request) : undefined;
  const name = body === undefined ? (request.method ?? "") : nameOf(body);
  if (token !== undefined && request.headers.authorization !== `Bearer ${readFileSync(token, "utf8")}`) {
    note("refused", name);
    response.writeHead(401, { "www-authenticate": 'Bearer error="invalid_token"' }).end();
    return;
  }
  note("received", name);
  response.once("close", () => note(response.writableFinished ? "answered" : "unanswered", name));
  if (silent) return;
  const id = request.headers["mcp-session-id"];
  const transport = typeof id === "string" ? sessions.get(id) : name === "initialize" ? await newTransport() : null;
  if (transport) return transport.handleRequest(request, response, body);
  const error = { code: -32001, message: id === undefined ? "No session id" : "Session not found" };
  response.writeHead(id === undefined ? 400 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify({ jsonrpc: "2.0", error, id: null }));
};

/** As the run record names it, without the server. */
const nameOf = (body: unknown): string => {
  const { method, params } = body as { method?: string; params?: { name?: string } };
  if (method === undefined) return "response";
  return method === "tools/call" ? `${method}:${params?.name}` : method;
};

const http = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    // A client that goes away while its body is read: nothing was received.
    if (!request.complete) return;
    console.error(error);
    response.destroy();
  });
});
http.keepAliveTimeout = 75_000;
process.stdin.once("end", () => process.exit()).resume();
http.listen(Number(port), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`);
});

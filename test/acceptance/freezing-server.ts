/**
 * An MCP server that answers at once, but for one freeze: when it receives its n-th tool call, its whole process stands still,
 * as in a long garbage collection. What is sent meanwhile waits in its socket.
 *
 *   node freezing-server.ts --call N --ms LENGTH
 *
 * Prints its URL when it listens, says with GET how many tool calls it received, and ends with its standard input.
 */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { parseArgs } from "node:util";

const { call, ms } = parseArgs({
  options: { call: { type: "string", default: "0" }, ms: { type: "string", default: "1000" } },
}).values;

const RESULTS: Readonly<Record<string, unknown>> = {
  initialize: {
    protocolVersion: "2025-06-18",
    capabilities: { tools: {} },
    serverInfo: { name: "freezing", version: "1.0.0" },
  },
  "tools/call": { content: [{ type: "text", text: "now" }] },
};

let calls = 0;
let sessions = 0;

const freeze = (): void => {
  const untilMs = performance.now() + Number(ms);
  const cell = new Int32Array(new SharedArrayBuffer(4));
  // Woken early it would be a shorter freeze than the test computes with.
  for (let leftMs = Number(ms); leftMs > 0; leftMs = untilMs - performance.now()) Atomics.wait(cell, 0, 0, leftMs);
};

const http = createServer(async (request, response) => {
  if (request.method === "GET" && !request.headers["mcp-session-id"]) {
    response.end(String(calls));
    return;
  }
  const { id, method } = request.method === "POST" ? ((await json(request)) as { id?: number; method: string }) : {};
  if (id === undefined || method === undefined) {
    response.writeHead(request.method === "GET" ? 405 : 202).end();
    return;
  }
  if (method === "tools/call") {
    calls += 1;
    if (calls === Number(call)) freeze();
  } else {
    sessions += 1;
    response.setHeader("mcp-session-id", `session-${sessions}`);
  }
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ jsonrpc: "2.0", id, result: RESULTS[method] ?? {} }));
});
http.keepAliveTimeout = 75_000;
process.stdin.once("end", () => process.exit()).resume();
http.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, () => {
  console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`);
});

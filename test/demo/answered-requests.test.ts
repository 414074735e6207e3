import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Client, StreamableHTTPClientTransport as ClientTransport } from "@modelcontextprotocol/client";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterEach, expect, test } from "vitest";
import { forgetAnswered } from "../../demo/answered-requests.ts";

const http = createServer();
afterEach(() => {
  http.closeAllConnections();
  http.close();
});

// modelcontextprotocol/typescript-sdk, issue 2559
test("a session in JSON mode holds the requests that wait for their answer, and no others", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = new McpServer({ name: "t", version: "1" });
  server.registerTool("quick", {}, () => ({ content: [] }));
  server.registerTool("held", {}, async () => {
    await released;
    return { content: [] };
  });
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => "one", enableJsonResponse: true });
  await server.connect(transport as Transport);
  http.on("request", (request, response) => {
    if (request.method === "GET") response.writeHead(405).end();
    else void transport.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const client = new Client({ name: "t", version: "1" });
  const { port } = http.address() as AddressInfo;
  await client.connect(new ClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)));

  const held = client.callTool({ name: "held" });
  for (let call = 0; call < 20; call++) await client.callTool({ name: "quick" });
  expect(forgetAnswered(transport)).toBe(1);
  release();
  await expect(held).resolves.toMatchObject({ content: [] });
  expect(forgetAnswered(transport)).toBe(0);
  await client.close();
});

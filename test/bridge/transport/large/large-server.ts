/**
 * A real MCP server in a process of its own whose tool `large` answers with as much text as it is asked for. Prints its URL;
 * `node large-server.ts json|events`.
 */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

const LINE = 'a line of "text" with what real ones have: grüße, 世界, and an end\n';
const transports = new Map<string, StreamableHTTPServerTransport>();

const newTransport = async (): Promise<StreamableHTTPServerTransport> => {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    enableJsonResponse: process.argv[2] === "json",
    onsessioninitialized: (id) => {
      transports.set(id, transport);
    },
  });
  const server = new McpServer({ name: "large", version: "1" });
  server.registerTool("large", { inputSchema: { bytes: z.number() } }, ({ bytes }) => ({
    content: [{ type: "text", text: LINE.repeat(Math.ceil(bytes / Buffer.byteLength(LINE))) }],
  }));
  await server.connect(transport);
  return transport;
};

const http = createServer(async (request, response) => {
  const known = transports.get(String(request.headers["mcp-session-id"]));
  await (known ?? (await newTransport())).handleRequest(request, response);
});
http.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`));
process.stdin.on("end", () => process.exit(0)).resume();

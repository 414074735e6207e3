import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { McpServer as McpServerV1 } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createMcpHandler, inputRequired, McpServer as McpServerV2 } from "@modelcontextprotocol/server";
import { z } from "zod";

/** Real servers, made with both official SDKs, that count what reached them. */
export interface SdkServer {
  readonly url: string;
  /** JSON-RPC methods and HTTP methods in the order in which they came. */
  readonly seen: readonly string[];
  /** Forgets all sessions, as a server does that was restarted. */
  forget(): void;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void> | void;

const listen = async (handle: Handler, forget: () => void): Promise<SdkServer> => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      seen.push((body as { method?: string } | undefined)?.method ?? (body ? "response" : (request.method ?? "")));
      void handle(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    seen,
    forget,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** SDK v1: sessions, JSON or SSE answers, requests to the client. */
export const sessionServer = async (options: { json: boolean }): Promise<SdkServer> => {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const handle: Handler = async (request, response, body) => {
    const known = transports.get(String(request.headers["mcp-session-id"]));
    if (known !== undefined) return known.handleRequest(request, response, body);
    if ((body as { method?: string } | undefined)?.method !== "initialize") {
      response.writeHead(404, { "content-type": "application/json" });
      response.end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}');
      return;
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: options.json,
      onsessioninitialized: (id) => {
        transports.set(id, transport);
      },
      onsessionclosed: (id) => {
        transports.delete(id);
      },
    });
    await v1Server().connect(transport);
    await transport.handleRequest(request, response, body);
  };
  return listen(handle, () => transports.clear());
};

const v1Server = (): McpServerV1 => {
  const server = new McpServerV1({ name: "v1", version: "1" }, { capabilities: { completions: {} } });
  server.registerTool("echo", { inputSchema: { text: z.string() } }, ({ text }) => ({
    content: [{ type: "text", text }],
  }));
  server.registerTool("break", {}, () => {
    throw new Error("broken");
  });
  server.registerTool("ask", {}, async () => {
    const { roots } = await server.server.listRoots();
    const sampled = await server.server.createMessage({ messages: [], maxTokens: 1 });
    const elicited = await server.server.elicitInput({
      message: "?",
      requestedSchema: { type: "object", properties: { name: { type: "string", default: "Ada" } } },
    });
    await server.server.ping();
    return { content: [{ type: "text", text: JSON.stringify({ roots, sampled, elicited }) }] };
  });
  server.registerResource("doc", "test://doc", {}, (uri) => ({ contents: [{ uri: uri.href, text: "text" }] }));
  server.registerPrompt("greet", { argsSchema: { name: z.string() } }, ({ name }) => ({
    messages: [{ role: "user", content: { type: "text", text: `Hi ${name}` } }],
  }));
  return server;
};

/** SDK v2: stateless, both eras unless `isModernOnly`. */
export const statelessServer = async (options: { isModernOnly?: boolean } = {}): Promise<SdkServer> => {
  const handler = createMcpHandler(v2Server, options.isModernOnly ? { legacy: "reject" } : {});
  const node = toNodeHandler(handler);
  return listen(
    // On a server both are always there; Node's type is that of a client's side as well.
    (request, response, body) => node(request as IncomingMessage & { method: string; url: string }, response, body),
    () => {},
  );
};

const v2Server = (): McpServerV2 => {
  const server = new McpServerV2({ name: "v2", version: "1" });
  server.registerTool("echo", { inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({
    content: [{ type: "text", text }],
  }));
  server.registerTool(
    "route",
    { inputSchema: z.object({ region: z.string().meta({ "x-mcp-header": "Region" }) }) },
    ({ region }) => ({ content: [{ type: "text", text: region }] }),
  );
  server.registerTool("ask", {}, ({ mcpReq }) => {
    const answered = mcpReq.inputResponses?.name;
    if (answered !== undefined) return { content: [{ type: "text", text: JSON.stringify(answered) }] };
    return inputRequired({
      inputRequests: {
        name: inputRequired.elicit({
          message: "?",
          requestedSchema: { type: "object", properties: { name: { type: "string", default: "Ada" } } },
        }),
      },
      requestState: "state",
    });
  });
  server.registerResource("doc", "test://doc", {}, (uri) => ({ contents: [{ uri: uri.href, text: "text" }] }));
  server.registerPrompt("greet", { argsSchema: z.object({ name: z.string() }) }, ({ name }) => ({
    messages: [{ role: "user", content: { type: "text", text: `Hi ${name}` } }],
  }));
  return server;
};

import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { z } from "zod";

/** A server of HTTP+SSE (2024-11-05), made with the SDK (v1). */
export interface OldServer {
  readonly url: string;
  /** Streams that are open. */
  readonly streams: number;
  /** Headers of every request. */
  readonly heads: readonly IncomingHttpHeaders[];
  /** From now on only this credential is good. */
  accept(authorization: string): void;
  refuseStreams(status: number): void;
  endStreams(): void;
  /** Knows no session any more; the streams stay. */
  forget(): void;
  /** Writes into every stream. */
  say(text: string): void;
  close(): Promise<void>;
}

export const oldServer = async (): Promise<OldServer> => {
  const transports = new Map<string, SSEServerTransport>();
  const streams = new Set<ServerResponse>();
  const heads: IncomingHttpHeaders[] = [];
  const meeting: (() => void)[] = [];
  let accepted: string | null = null;
  let refusal: number | null = null;

  const mcpServer = (): McpServer => {
    const server = new McpServer({ name: "old", version: "1" });
    server.registerTool("echo", { inputSchema: { text: z.string() } }, ({ text }) => ({
      content: [{ type: "text", text }],
    }));
    server.registerTool("hang", {}, () => new Promise<never>(() => undefined));
    server.registerTool("meet", { inputSchema: { people: z.number() } }, async ({ people }) => {
      await new Promise<void>((resolve) => {
        meeting.push(resolve);
        if (meeting.length === people) for (const go of meeting.splice(0)) go();
      });
      return { content: [] };
    });
    return server;
  };

  const server = createServer(async (request, response) => {
    heads.push(request.headers);
    if (accepted !== null && request.headers.authorization !== accepted) {
      response.writeHead(401, { "www-authenticate": "Bearer" }).end(`no ${request.headers.authorization}`);
      return;
    }
    const url = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "GET") {
      if (refusal !== null) {
        response.writeHead(refusal, { location: "/elsewhere" }).end("no");
        return;
      }
      const transport = new SSEServerTransport("/messages", response);
      transports.set(transport.sessionId, transport);
      streams.add(response);
      response.once("close", () => streams.delete(response));
      await mcpServer().connect(transport);
      return;
    }
    const transport = transports.get(url.searchParams.get("sessionId") ?? "");
    if (transport === undefined) response.writeHead(404).end("no such session");
    else await transport.handlePostMessage(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sse`,
    get streams() {
      return streams.size;
    },
    heads,
    accept: (authorization) => {
      accepted = authorization;
    },
    refuseStreams: (status) => {
      refusal = status;
    },
    endStreams: () => {
      for (const stream of streams) stream.end();
    },
    forget: () => transports.clear(),
    say: (text) => {
      for (const stream of streams) stream.write(text);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

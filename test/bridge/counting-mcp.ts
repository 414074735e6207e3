import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** The smallest server of MCP over HTTP/1.1 that knows its connections. */
export interface CountingMcp {
  readonly port: number;
  readonly server: Server;
  /** Every connection that there ever was, in their order. */
  readonly sockets: readonly Socket[];
  readonly calls: number;
  /** Connections that were closed, by whichever side. */
  readonly closed: number;
  close(): Promise<void>;
}

export interface CountingOptions {
  readonly host?: string;
  /** Each answer says that its connection is over. */
  readonly closesEach?: boolean;
  /** What the header `keep-alive` promises. */
  readonly keepAliveMs?: number;
}

const INITIALIZED = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "counting", version: "0" } };

export const countingMcp = async (options: CountingOptions = {}): Promise<CountingMcp> => {
  const { host = "127.0.0.1", closesEach = false, keepAliveMs = 600_000 } = options;
  const sockets: Socket[] = [];
  let calls = 0;
  let closed = 0;
  const bodyOf = async (request: IncomingMessage): Promise<{ id?: unknown; method?: string }> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return JSON.parse(Buffer.concat(chunks).toString() || "{}") as { id?: unknown; method?: string };
  };
  const server = createServer(async (request, response) => {
    if (closesEach) response.setHeader("connection", "close");
    if (request.method === "GET") {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": open\n\n");
      return;
    }
    const { id, method } = await bodyOf(request);
    if (method === "tools/call") calls += 1;
    if (id === undefined) response.writeHead(202).end();
    else {
      response.writeHead(200, { "content-type": "application/json" });
      const result = method === "initialize" ? INITIALIZED : { content: [] };
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    }
  });
  server.keepAliveTimeout = keepAliveMs;
  server.on("connection", (socket) => {
    sockets.push(socket);
    socket.once("close", () => {
      closed += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, 4096, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    server,
    sockets,
    get calls() {
      return calls;
    },
    get closed() {
      return closed;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

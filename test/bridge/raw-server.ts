import { type AddressInfo, createServer, type Socket } from "node:net";

/**
 * An HTTP server that says exactly what a test tells it to, byte by byte: nothing of it is correct by itself.
 */
export interface RawRequest {
  readonly method: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as JSON-RPC, or an empty object. */
  readonly rpc: { readonly id?: number | string; readonly method?: string; readonly params?: Record<string, unknown> };
}

export type Answer = (request: RawRequest, socket: Socket) => string | Buffer | null;

export interface RawServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly RawRequest[];
  /** Connections that were opened, and those that are still there. */
  readonly opened: () => number;
  readonly alive: () => number;
  close(): Promise<void>;
}

/** `answer` returns what goes onto the socket, or null when it writes itself (or nothing at all). */
export const rawServer = async (answer: Answer): Promise<RawServer> => {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  let opened = 0;
  const server = createServer((socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {
      // A client that gives up resets its connection; that is what many of these tests are about.
    });
    let pending: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (let taken = takeRequest(pending); taken !== null; taken = takeRequest(pending)) {
        pending = taken.rest;
        requests.push(taken.request);
        const said = answer(taken.request, socket);
        if (said !== null) socket.write(said);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    requests,
    opened: () => opened,
    alive: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const takeRequest = (bytes: Buffer): { request: RawRequest; rest: Buffer } | null => {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [line = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const headers = Object.fromEntries(
    lines.map((header) => {
      const colon = header.indexOf(":");
      return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()];
    }),
  );
  const bodyEnd = end + 4 + Number(headers["content-length"] ?? 0);
  if (bytes.length < bodyEnd) return null;
  const body = bytes.subarray(end + 4, bodyEnd).toString("utf8");
  const request = { method: line.split(" ")[0] ?? "", headers, body, rpc: body === "" ? {} : JSON.parse(body) };
  return { request, rest: bytes.subarray(bodyEnd) };
};

/** A complete HTTP answer. */
export const http = (status: number, headers: Record<string, string>, body = ""): string => {
  const lines = Object.entries({ ...headers, "content-length": String(Buffer.byteLength(body)) });
  return `HTTP/1.1 ${status} Test\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
};

export const json = (value: unknown, headers: Record<string, string> = {}): string =>
  http(200, { "content-type": "application/json", ...headers }, JSON.stringify(value));

/** The head of an endless stream of events: its end is the end of the connection. */
export const EVENTS_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

export const event = (value: unknown): string => `event: message\ndata: ${JSON.stringify(value)}\n\n`;

export const textResult = (id: unknown, text = "hello"): Record<string, unknown> => ({
  jsonrpc: "2.0",
  id,
  result: { content: [{ type: "text", text }] },
});

export const INITIALIZED = {
  protocolVersion: "2025-11-25",
  capabilities: { tools: {} },
  serverInfo: { name: "raw", version: "0" },
};

/** A server of the session era that is well until a request of this method comes, and then does what `fault` says. */
export const faultyAt = (method: string, fault: Answer, headers: Record<string, string> = {}): Promise<RawServer> =>
  rawServer((request, socket) => {
    const { id, method: asked } = request.rpc;
    if (asked === method || request.method === method) return fault(request, socket);
    if (asked === "initialize") return json({ jsonrpc: "2.0", id, result: INITIALIZED }, headers);
    if (id === undefined) return http(request.method === "POST" ? 202 : 405, {});
    return json(textResult(id));
  });

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import { createServer as createOldServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateAuthority, issuedBy } from "./test-certificates.ts";

/** A server of MCP over TLS that speaks HTTP/2, or HTTP/1.1 alone, and answers calls when the test wants it. */
export interface H2Server {
  readonly url: string;
  /** For `tls`. */
  readonly ca: string;
  /** Sockets that were ever opened, and HTTP/2 sessions that are open. */
  readonly sockets: ReadonlySet<Socket>;
  readonly sessions: ReadonlySet<ServerHttp2Session>;
  /** HTTP versions of the calls in their order. */
  readonly versions: readonly string[];
  /** Calls that wait for their answer now, and the most that ever did. */
  readonly waiting: number;
  readonly mostWaiting: number;
  /** Answers what waits. */
  answerAll(): void;
  /** Ends the stream of the oldest call that waits. */
  resetFirst(code: number): void;
  close(): Promise<void>;
}

export interface H2Options {
  readonly isOld?: boolean;
  readonly as?: "json" | "events";
  /** Calls are answered when so many wait. */
  readonly together?: number;
}

interface Waiting {
  readonly response: Http2ServerResponse;
  readonly answer: () => void;
}

const INITIALIZED = {
  protocolVersion: "2025-11-25",
  capabilities: { tools: {} },
  serverInfo: { name: "h2", version: "0" },
};
const CALLED = { content: [{ type: "text", text: "done" }] };

const authority = certificateAuthority("h2 authority");
const identity = issuedBy(authority, "server");

export const h2Server = async ({ isOld = false, as = "json", together = 1 }: H2Options = {}): Promise<H2Server> => {
  const folder = mkdtempSync(join(tmpdir(), "swarmbridge-h2-"));
  const ca = join(folder, "ca.pem");
  writeFileSync(ca, authority.certPem);
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const versions: string[] = [];
  const waiting = new Set<Waiting>();
  let mostWaiting = 0;

  const answerAll = (): void => {
    for (const each of [...waiting]) each.answer();
    waiting.clear();
  };
  const answer = (response: Http2ServerResponse, id: unknown, result: object): void => {
    const text = JSON.stringify({ jsonrpc: "2.0", id, result });
    response.writeHead(200, { "content-type": as === "json" ? "application/json" : "text/event-stream" });
    response.end(as === "json" ? text : `event: message\ndata: ${text}\n\n`);
  };
  const handle = (response: Http2ServerResponse, { id, method }: { id?: unknown; method?: string }): void => {
    if (id === undefined) response.writeHead(202).end();
    else if (method !== "tools/call") answer(response, id, INITIALIZED);
    else {
      waiting.add({ response, answer: () => answer(response, id, CALLED) });
      mostWaiting = Math.max(mostWaiting, waiting.size);
      if (waiting.size >= together) answerAll();
    }
  };
  const handleRequest = (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    request.on("end", () => {
      if (request.method === "DELETE") response.writeHead(200).end();
      else {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as { id?: unknown; method?: string };
        if (body.method === "tools/call") versions.push(request.httpVersion);
        handle(response, body);
      }
    });
  };
  const keys = { key: identity.keyPem, cert: identity.certPem };
  const server = isOld
    ? // Node's own two kinds of requests and answers are alike as far as this server goes.
      createOldServer(keys, handleRequest as unknown as RequestListener)
    : createSecureServer({ ...keys, allowHTTP1: true }, handleRequest);
  server.on("secureConnection", (socket: Socket) => sockets.add(socket));
  server.on("session", (session: ServerHttp2Session) => {
    sessions.add(session);
    session.on("error", () => undefined);
    session.once("close", () => sessions.delete(session));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    ca,
    sockets,
    sessions,
    versions,
    get waiting() {
      return waiting.size;
    },
    get mostWaiting() {
      return mostWaiting;
    },
    answerAll,
    resetFirst: (code) => {
      const [first] = waiting;
      if (first === undefined) return;
      waiting.delete(first);
      first.response.stream.close(code);
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
};

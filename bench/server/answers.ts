/**
 * The null server's answers, ready-made: only the JSON-RPC id and the lengths that depend on it are put in when a
 * request comes. Whole HTTP responses, as one string to write.
 */
import { type Answer, type Era, REVISION, TOOL } from "../workload.ts";

/** A short search result: small enough that the cost of a call is the harness's, not the payload's. */
const TEXT = "A storage account holds blobs, files, queues and tables under one name. ".repeat(4).trim();

const SERVER_INFO = { name: "null-server", version: "1.0.0" };
const CAPABILITIES = { tools: {} };
const TOOLS = [
  {
    name: TOOL,
    description: "Searches",
    inputSchema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
  },
];
const CALL = { content: [{ type: "text", text: TEXT }] };
const STATELESS = { resultType: "complete" };
const CACHED = { ...STATELESS, ttlMs: 60_000, cacheScope: "public" };

/** Results by era and method. A method that an era lacks is absent. */
const RESULTS: Readonly<Record<Era, Readonly<Record<string, unknown>>>> = {
  session: {
    initialize: { protocolVersion: REVISION.session, capabilities: CAPABILITIES, serverInfo: SERVER_INFO },
    "tools/list": { tools: TOOLS },
    "tools/call": CALL,
    ping: {},
  },
  stateless: {
    "server/discover": {
      ...CACHED,
      supportedVersions: [REVISION.stateless],
      capabilities: CAPABILITIES,
      serverInfo: SERVER_INFO,
      _meta: { "io.modelcontextprotocol/serverInfo": SERVER_INFO },
    },
    "tools/list": { ...CACHED, tools: TOOLS },
    "tools/call": { ...STATELESS, ...CALL },
  },
};

const ACCEPTED = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
const CLOSED = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const NO_STREAM = "HTTP/1.1 405 Method Not Allowed\r\nAllow: POST, DELETE\r\nContent-Length: 0\r\n\r\n";

type Prepared = (id: string, sessionId: string | null) => string;

const PREPARED: Readonly<Record<Era, Readonly<Record<Answer, ReadonlyMap<string, Prepared>>>>> = {
  session: { json: prepareAll("session", "json"), sse: prepareAll("session", "sse") },
  stateless: { json: prepareAll("stateless", "json"), sse: prepareAll("stateless", "sse") },
};

/** A request, as far as the null server looks at it. */
export interface Asked {
  readonly verb: string;
  readonly era: Era;
  readonly answer: Answer;
  /** JSON-RPC method; null when there is no body. */
  readonly method: string | null;
  /** JSON-RPC id as it stands in the body; null for a notification. */
  readonly id: string | null;
}

/** @param newSessionId called for every `initialize` */
export const answerTo = ({ verb, era, answer, method, id }: Asked, newSessionId: () => string): string => {
  if (verb === "DELETE") return CLOSED;
  if (verb !== "POST" || method === null) return NO_STREAM;
  if (id === null) return ACCEPTED;
  const prepared = PREPARED[era][answer].get(method);
  if (prepared === undefined) return unknownMethod(era, id);
  return prepared(id, method === "initialize" ? newSessionId() : null);
};

function prepareAll(era: Era, answer: Answer): ReadonlyMap<string, Prepared> {
  const prepare = answer === "json" ? prepareJson : prepareSse;
  return new Map(Object.entries(RESULTS[era]).map(([method, result]) => [method, prepare(JSON.stringify(result))]));
}

const sessionLine = (sessionId: string | null): string =>
  sessionId === null ? "" : `Mcp-Session-Id: ${sessionId}\r\n`;

function prepareJson(result: string): Prepared {
  const body = `{"jsonrpc":"2.0","result":${result},"id":`;
  return (id, sessionId) =>
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${sessionLine(sessionId)}Content-Length: ${body.length + id.length + 1}\r\n\r\n${body}${id}}`;
}

/** One event in one chunk, then the end of the stream, as servers on the official SDKs send it. */
function prepareSse(result: string): Prepared {
  const event = `event: message\ndata: {"jsonrpc":"2.0","result":${result},"id":`;
  return (id, sessionId) =>
    `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n${sessionLine(sessionId)}Transfer-Encoding: chunked\r\n\r\n${(event.length + id.length + 3).toString(16)}\r\n${event}${id}}\n\n\r\n0\r\n\r\n`;
}

const unknownMethod = (era: Era, id: string): string => {
  const body = `{"jsonrpc":"2.0","id":${id},"error":{"code":-32601,"message":"Method not found"}}`;
  const status = era === "stateless" ? "404 Not Found" : "200 OK";
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { handshake } from "../../../auth/check/handshake.ts";
import { guardedHttp } from "../../../auth/http/guarded-http.ts";
import { serverSettings } from "../../server-settings.ts";

interface Seen {
  readonly method: string;
  readonly rpc: string | null;
  readonly headers: IncomingMessage["headers"];
}

interface Said {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** @param answer what it says to each request @returns its URL and all that it was asked */
const serverThat = async (answer: (seen: Seen) => Said): Promise<{ url: string; seen: Seen[] }> => {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const rpc = text === "" ? null : (JSON.parse(text) as { method: string }).method;
    const one = { method: request.method ?? "", rpc, headers: request.headers };
    seen.push(one);
    const { status, headers = { "content-type": "application/json" }, body = {} } = answer(one);
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return { url: await listening(server), seen };
};

/** @param answer to every request, in its own way */
const serverLike = (answer: (response: ServerResponse) => void): Promise<string> =>
  listening(
    createServer((request, response) => {
      request.resume();
      answer(response);
    }),
  );

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
};

const open = (
  url: string,
  protocol: "auto" | "2026-07-28" | "2025-06-18" = "auto",
  authorization: string | null = null,
) => handshake(serverSettings({ url, protocol }), authorization, guardedHttp);

const RESULT = { jsonrpc: "2.0", id: 1, result: {} };
const NO_RESULT = { kind: "none", saw: "application/json without a JSON-RPC result" };
const unknownMethod = (code: number) => ({ jsonrpc: "2.0", id: 1, error: { code, message: "no" } });

test("a session that was opened is closed again, with the credential that opened it", async () => {
  const { url, seen } = await serverThat(({ method }) =>
    method === "POST"
      ? { status: 200, headers: { "content-type": "application/json", "mcp-session-id": "s1" }, body: RESULT }
      : { status: 204, body: "" },
  );
  expect(await open(url, "auto", "Bearer t")).toMatchObject({
    status: 200,
    method: "initialize",
    rpc: { kind: "result" },
  });
  expect(seen.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
  expect(seen[1]?.headers).toMatchObject({ "mcp-session-id": "s1", authorization: "Bearer t" });
});

test.each([
  ["with 400", { status: 400, body: unknownMethod(-32600) }],
  ["with 404", { status: 404, body: unknownMethod(-32601) }],
  ["with an error in a 200", { status: 200, body: unknownMethod(-32601) }],
  [
    "with an error in a stream",
    {
      status: 200,
      headers: { "content-type": "text/event-stream" },
      body: `event: message\ndata: ${JSON.stringify(unknownMethod(-32601))}\n\n`,
    },
  ],
])("a stateless server that does not know initialize and says so %s is asked as one", async (_how, refusal) => {
  const { url, seen } = await serverThat(({ rpc }) => (rpc === "initialize" ? refusal : { status: 200, body: RESULT }));
  expect(await open(url)).toMatchObject({ status: 200, method: "server/discover", rpc: { kind: "result" } });
  expect(seen[1]?.headers).toMatchObject({ "mcp-protocol-version": "2026-07-28", "mcp-method": "server/discover" });
});

test("a refusal is believed at once: the other era is not tried", async () => {
  const { url, seen } = await serverThat(() => ({ status: 401, headers: { "www-authenticate": "Bearer" } }));
  expect(await open(url)).toMatchObject({ status: 401, challenge: "Bearer" });
  expect(seen).toHaveLength(1);
});

const HTML = { "content-type": "text/html; charset=utf-8" };
const JSON_TYPE = { "content-type": "application/json" };

test.each([
  ["a page for people", 200, HTML, "<h1>Please log in</h1>", { kind: "none", saw: "text/html" }],
  ["an empty 202", 202, {}, "", { kind: "none", saw: "an empty body" }],
  ["a body without a type", 200, {}, RESULT, { kind: "none", saw: "a body without a content type" }],
  ["JSON of another kind", 200, JSON_TYPE, { login: "please" }, NO_RESULT],
  ["the answer to another request", 200, JSON_TYPE, { ...RESULT, id: 2 }, NO_RESULT],
  ["a result that is no object", 200, JSON_TYPE, { ...RESULT, result: "ok" }, NO_RESULT],
])("%s is no answer to the opening", async (_what, status, headers, body, rpc) => {
  const { url } = await serverThat(() => ({ status, headers, body }));
  expect(await open(url)).toMatchObject({ kind: "answered", status, method: "initialize", rpc });
});

const event = (message: object): string => `event: message\ndata: ${JSON.stringify(message)}\n\n`;

test("a stream that stays open after its answer is an answer, whatever came before it", async () => {
  const closed = Promise.withResolvers<void>();
  const url = await serverLike((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`: hello\n\n${event({ jsonrpc: "2.0", id: 1, method: "ping" })}`);
    response.write(event({ jsonrpc: "2.0", method: "notifications/message", params: {} }));
    response.write(event(RESULT));
    response.on("close", closed.resolve);
  });
  expect(await open(url)).toMatchObject({ status: 200, rpc: { kind: "result" } });
  await closed.promise;
});

test("an answer of the size that a run takes is taken, and a larger one is told", async () => {
  const { url } = await serverThat(() => ({
    status: 200,
    headers: JSON_TYPE,
    body: { ...RESULT, result: { instructions: "x".repeat(300 * 1024) } },
  }));
  expect(await open(url)).toMatchObject({ rpc: { kind: "result" } });
  const settings = serverSettings({ url, maxAnswerBytes: 100 * 1024 });
  expect(await handshake(settings, null, guardedHttp)).toMatchObject({
    kind: "failed",
    error: { code: "AUTH_INVALID", detail: { why: "its answer is larger than 100 KiB" } },
  });
});

test("a session is closed in the revision that the server has agreed on", async () => {
  const headers = { ...JSON_TYPE, "mcp-session-id": "s1" };
  const body = { ...RESULT, result: { protocolVersion: "2025-03-26" } };
  const { url, seen } = await serverThat(() => ({ status: 200, headers, body }));
  await open(url);
  expect(seen[1]?.headers["mcp-protocol-version"]).toBe("2025-03-26");
});

test("what knows neither era is told by its first answer", async () => {
  const { url } = await serverThat(({ rpc }) => ({ status: rpc === "initialize" ? 404 : 405 }));
  expect(await open(url)).toMatchObject({ status: 404, method: "initialize" });
});

test("a pinned revision is the only one that is tried", async () => {
  const { url, seen } = await serverThat(() => ({ status: 404 }));
  await open(url, "2026-07-28");
  await open(url, "2025-06-18");
  expect(seen.map(({ rpc }) => rpc)).toEqual(["server/discover", "initialize"]);
});

test("a server that is not there is told by the system's code", async () => {
  expect(await open("http://127.0.0.1:1/mcp")).toEqual({ kind: "unreachable", why: "ECONNREFUSED" });
});

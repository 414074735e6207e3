import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { AuthError } from "../../../auth/auth-error.ts";
import { type Harness, harness, LIMITS } from "../mcp-harness.ts";
import {
  type Answer,
  EVENTS_HEAD,
  event,
  faultyAt,
  http,
  json,
  type RawServer,
  rawServer,
  textResult,
} from "../raw-server.ts";

/** Each fault of the wire ends the call at once, with exactly one reason, and the next call is well again. */

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

const opened = async (server: RawServer, over: Parameters<typeof harness>[0] = {}): Promise<Harness> => {
  const mcp = harness({ url: server.url, protocol: "2025-11-25", ...over });
  open.push(mcp, server);
  expect(await mcp.open()).toMatchObject({ failure: null });
  return mcp;
};

const withSession = { "mcp-session-id": "s-1" };

const FAULTS: Record<string, { fault: Answer; reason: string; code?: number; detail?: RegExp }> = {
  "a stream that ends before the answer": {
    fault: (_request, socket) => {
      socket.end(EVENTS_HEAD);
      return null;
    },
    reason: "disconnected",
  },
  "a stream that is cut inside an event": {
    fault: (request, socket) => {
      socket.end(EVENTS_HEAD + event(textResult(request.rpc.id)).slice(0, 40));
      return null;
    },
    reason: "disconnected",
  },
  "a connection that is reset before the head": {
    fault: (_request, socket) => {
      socket.resetAndDestroy();
      return null;
    },
    reason: "disconnected",
  },
  "a connection that is closed before the head": {
    fault: (_request, socket) => {
      socket.end();
      return null;
    },
    reason: "disconnected",
  },
  "a body that is shorter than announced": {
    fault: (_request, socket) => {
      socket.end("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
      return null;
    },
    reason: "disconnected",
  },
  "garbage instead of HTTP": { fault: () => "\u0000\u0001 what?\r\n\r\n", reason: "protocol" },
  "garbage in an event": { fault: () => `${EVENTS_HEAD}data: {"jsonrpc":\n\n`, reason: "protocol" },
  "truncated JSON": {
    fault: () => http(200, { "content-type": "application/json" }, '{"jsonrpc":'),
    reason: "protocol",
  },
  "JSON that is nested without end": {
    fault: () => http(200, { "content-type": "application/json" }, "[".repeat(200_000)),
    reason: "protocol",
  },
  "an answer with another id": { fault: () => json(textResult(999)), reason: "protocol" },
  "an answer without a result": {
    fault: ({ rpc }) => json({ jsonrpc: "2.0", id: rpc.id }),
    reason: "protocol",
  },
  "a result of the wrong shape": {
    fault: ({ rpc }) => json({ jsonrpc: "2.0", id: rpc.id, result: { content: "text" } }),
    reason: "protocol",
  },
  "202 to a request": { fault: () => http(202, {}), reason: "protocol" },
  "HTML with status 200": { fault: () => http(200, { "content-type": "text/html" }, "<p>"), reason: "protocol" },
  "no content type": { fault: () => http(200, {}, "{}"), reason: "protocol" },
  "a compressed body that was not asked for": {
    fault: ({ rpc }, socket) => {
      const body = gzipSync(JSON.stringify(textResult(rpc.id)));
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      return body;
    },
    reason: "protocol",
    detail: /gzip/,
  },
  "a redirect": {
    fault: () => http(307, { location: "http://127.0.0.1:1/" }),
    reason: "http-3xx",
    code: 307,
  },
  "401": {
    fault: () => http(401, { "www-authenticate": 'Bearer resource_metadata="http://a/b"' }),
    reason: "http-401",
    code: 401,
    detail: /resource_metadata/,
  },
  "403": { fault: () => http(403, {}, "no"), reason: "http-403", code: 403 },
  "418": { fault: () => http(418, {}, "teapot"), reason: "http-4xx", code: 418 },
  "500 with HTML": { fault: () => http(500, { "content-type": "text/html" }, "<h1>x"), reason: "http-5xx", code: 500 },
  "503": { fault: () => http(503, {}), reason: "http-503", code: 503 },
  "a JSON-RPC error": {
    fault: ({ rpc }) => json({ jsonrpc: "2.0", id: rpc.id, error: { code: -32602, message: "bad\nargument" } }),
    reason: "json-rpc-error",
    code: -32602,
    detail: /bad argument/,
  },
  "a tool that reports an error": {
    fault: ({ rpc }) =>
      json({ jsonrpc: "2.0", id: rpc.id, result: { isError: true, content: [{ type: "text", text: "broken" }] } }),
    reason: "tool-error",
    detail: /broken/,
  },
  "headers without end": {
    fault: () => `HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n`,
    reason: "too-large",
  },
};

describe.each(Object.entries(FAULTS))("%s", (_name, { fault, reason, code, detail }) => {
  test(`ends the call as ${reason}, and the session goes on`, async () => {
    let isFaulty = true;
    const server = await faultyAt("tools/call", (request, socket) => {
      if (!isFaulty) return json(textResult(request.rpc.id));
      isFaulty = false;
      return fault(request, socket);
    });
    const mcp = await opened(server);
    const ending = await mcp.tool();
    expect(ending.failure).toMatchObject({ reason, ...(code !== undefined && { code }) });
    if (detail !== undefined) expect(ending.failure?.detail).toMatch(detail);
    expect(await mcp.tool()).toMatchObject({ failure: null });
    expect(mcp.session.isOpen).toBe(true);
  });
});

test("a tool error keeps the result", async () => {
  const result = { isError: true, content: [{ type: "text", text: "broken" }] };
  const mcp = await opened(await faultyAt("tools/call", ({ rpc }) => json({ jsonrpc: "2.0", id: rpc.id, result })));
  expect((await mcp.tool()).result).toMatchObject(result);
});

test("an answer above the limit ends the call without being read to its end", async () => {
  const server = await faultyAt("tools/call", ({ rpc }) => json(textResult(rpc.id, "x".repeat(5_000))));
  const mcp = await opened(server, { maxAnswerBytes: 2_000 });
  expect((await mcp.tool()).failure?.reason).toBe("too-large");
});

test("a body that grows beyond the limit without having announced it ends the call", async () => {
  const server = await faultyAt("tools/call", (_request, socket) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n");
    for (let sent = 0; sent < 10; sent++) socket.write(" ".repeat(1_000));
    return null;
  });
  const mcp = await opened(server, { maxAnswerBytes: 2_000 });
  expect((await mcp.tool()).failure?.reason).toBe("too-large");
});

test("an event above the limit ends the call", async () => {
  const server = await faultyAt("tools/call", (_request, socket) => {
    socket.write(`${EVENTS_HEAD}data: ${"x".repeat(5_000)}`);
    return null;
  });
  const mcp = await opened(server, { maxAnswerBytes: 2_000 });
  expect((await mcp.tool()).failure?.reason).toBe("too-large");
});

test.each([
  ["the head never comes", ""],
  ["the head comes slowly", "HTTP/1.1 200 OK\r\ncontent-type: "],
  ["the stream stays silent", EVENTS_HEAD],
])("when %s the time limit ends the call and the server is told", async (_name, said) => {
  const server = await faultyAt("tools/call", () => said);
  const mcp = await opened(server, { limits: { ...LIMITS, callMs: 80 } });
  const operation = mcp.operation();
  const ending = await mcp.session.call(operation, "tools/call", { name: "echo" });
  expect(ending.failure).toEqual({ reason: "timeout" });
  // Node's timers may be a millisecond early against the monotonic clock.
  expect(operation.endMs - operation.intendedMs).toBeGreaterThanOrEqual(78);
  await expect.poll(() => server.requests.map(({ rpc }) => rpc.method)).toContain("notifications/cancelled");
  const [cancelled] = server.requests.filter(({ rpc }) => rpc.method === "notifications/cancelled");
  const [called] = server.requests.filter(({ rpc }) => rpc.method === "tools/call");
  expect(cancelled?.rpc.params?.requestId).toBe(called?.rpc.id);
  expect(mcp.hidden).toHaveBeenCalledWith("notifications/cancelled");
});

test("a call that timed out leaves no connection behind", async () => {
  const server = await faultyAt("tools/call", () => null);
  const mcp = await opened(server, { limits: { ...LIMITS, callMs: 50 } });
  for (let call = 0; call < 10; call++) await mcp.tool();
  await expect.poll(() => server.opened() - server.alive()).toBeGreaterThanOrEqual(10);
});

test("429 keeps Retry-After", async () => {
  const mcp = await opened(await faultyAt("tools/call", () => http(429, { "retry-after": "7" })));
  expect((await mcp.tool()).failure).toMatchObject({ reason: "http-429", retryAfterMs: 7_000 });
});

test.each([
  ["404", http(404, {})],
  [
    "400 with words about the session",
    http(
      400,
      {},
      '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"},"id":null}',
    ),
  ],
  ["400 in plain text", http(400, {}, "Invalid or missing session ID")],
])("%s on a session that had an id is session-lost, and the session is over", async (_name, said) => {
  const mcp = await opened(await faultyAt("tools/call", () => said, withSession));
  expect((await mcp.tool()).failure?.reason).toBe("session-lost");
  expect(mcp.session.isOpen).toBe(false);
  expect((await mcp.tool()).failure?.reason).toBe("session-lost");
});

test("404 without a session is http-404", async () => {
  const mcp = await opened(await faultyAt("tools/call", () => http(404, {})));
  expect((await mcp.tool()).failure).toMatchObject({ reason: "http-404", code: 404 });
  expect(mcp.session.isOpen).toBe(true);
});

test("a session id that a header cannot carry ends the handshake", async () => {
  const server = await faultyAt("x", () => null, { "mcp-session-id": "a b" });
  const mcp = harness({ url: server.url, protocol: "2025-11-25" });
  open.push(mcp, server);
  expect((await mcp.open()).failure?.reason).toBe("protocol");
});

test("a credential that the server echoes is in no detail", async () => {
  const token = "secret-token-0123456789";
  const server = await faultyAt("tools/call", ({ headers }) => http(403, {}, `no: ${headers.authorization}`));
  const mcp = harness(
    { url: server.url, protocol: "2025-11-25" },
    { credential: { authorization: async () => `Bearer ${token}` } },
  );
  open.push(mcp, server);
  await mcp.open();
  const { failure } = await mcp.tool();
  expect(failure?.reason).toBe("http-403");
  expect(JSON.stringify(failure)).not.toContain(token);
  expect(failure?.detail).toContain("[redacted]");
});

test("a key in the URL's query that the server echoes is in no detail", async () => {
  const server = await faultyAt("tools/call", () =>
    http(404, {}, "no GET /mcp?key=s%C3%A4cret-0123&b=1 (säcret-0123)"),
  );
  const mcp = harness({ url: `${server.url}?key=s%C3%A4cret-0123&b=1`, protocol: "2025-11-25" });
  open.push(mcp, server);
  await mcp.open();
  const { failure } = await mcp.tool();
  expect(failure?.reason).toBe("http-404");
  expect(failure?.detail).not.toContain("cret-0123");
});

test("a credential that cannot be had ends as auth before anything is sent", async () => {
  const server = await rawServer(() => null);
  const mcp = harness(
    { url: server.url, protocol: "2025-11-25" },
    {
      credential: {
        authorization: () => Promise.reject(new AuthError("AUTH_REFUSED", { place: "https://login.test/token" })),
      },
    },
  );
  open.push(mcp, server);
  const operation = mcp.operation();
  const ending = await mcp.session.open(operation);
  const detail = "the issuer of tokens refused: https://login.test/token";
  expect(ending.failure).toEqual({ reason: "auth", detail });
  expect(operation.sentMs).toBe(0);
  expect(server.opened()).toBe(0);
});

test("an error of no known kind is not quoted: it might hold the credential", async () => {
  const server = await rawServer(() => null);
  const mcp = harness(
    { url: server.url, protocol: "2025-11-25" },
    { credential: { authorization: () => Promise.reject(new Error("Bearer abc was refused")) } },
  );
  open.push(mcp, server);
  expect((await mcp.open()).failure).toEqual({ reason: "auth", detail: "the credential could not be had" });
});

test("a credential that no header can carry ends as auth, and is not shown", async () => {
  const server = await rawServer(() => null);
  const mcp = harness(
    { url: server.url, protocol: "2025-11-25" },
    { credential: { authorization: () => "Bearer to\nken" } },
  );
  open.push(mcp, server);
  const { failure } = await mcp.open();
  expect(failure?.reason).toBe("auth");
  expect(failure?.detail).not.toMatch(/to\s*ken/);
  expect(server.opened()).toBe(0);
});

test("nobody listening is connect, and nothing reached a socket", async () => {
  const server = await rawServer(() => null);
  await server.close();
  const mcp = harness({ url: server.url });
  open.push(mcp);
  const operation = mcp.operation();
  const ending = await mcp.session.open(operation);
  expect(ending.failure).toMatchObject({ reason: "connect", detail: "ECONNREFUSED" });
  expect(operation.sentMs).toBe(0);
  expect(operation.endMs).toBeGreaterThan(0);
});

test("a connection that was closed while idle costs no call", async () => {
  let first = true;
  const server = await faultyAt("tools/call", ({ rpc }, socket) => {
    const said = json(textResult(rpc.id));
    if (!first) return said;
    first = false;
    socket.end(said);
    return null;
  });
  const mcp = await opened(server);
  expect(await mcp.tool()).toMatchObject({ failure: null });
  await expect.poll(() => server.opened() - server.alive()).toBe(1);
  expect(await mcp.tool()).toMatchObject({ failure: null });
});

test("characters that are split over two chunks stay whole", async () => {
  const server = await faultyAt("tools/call", ({ rpc }, socket) => {
    const bytes = Buffer.from(json(textResult(rpc.id, "grüße 世界")));
    const inside = bytes.indexOf(Buffer.from("界")) + 1;
    socket.write(bytes.subarray(0, inside));
    setTimeout(() => socket.write(bytes.subarray(inside)), 20);
    return null;
  });
  const mcp = await opened(server);
  expect(await mcp.tool()).toMatchObject({ result: { content: [{ text: "grüße 世界" }] } });
});

test("103 before the answer is not the answer", async () => {
  const server = await faultyAt(
    "tools/call",
    ({ rpc }) => `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${json(textResult(rpc.id))}`,
  );
  const mcp = await opened(server);
  expect(await mcp.tool()).toMatchObject({ failure: null });
});

test("notifications, unknown answers and doubled answers around the answer change nothing", async () => {
  const server = await faultyAt("tools/call", ({ rpc }, socket) => {
    const progress = { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 77, progress: 1 } };
    socket.end(
      EVENTS_HEAD +
        event(progress) +
        event(textResult(999)) +
        event(textResult(rpc.id)) +
        event(textResult(rpc.id, "2")),
    );
    return null;
  });
  const mcp = await opened(server);
  expect(await mcp.tool()).toMatchObject({ failure: null, result: { content: [{ text: "hello" }] } });
  expect(await mcp.tool()).toMatchObject({ failure: null });
});

test("a stream that stays open after its answer does not hold the call", async () => {
  const server = await faultyAt("tools/call", ({ rpc }) => EVENTS_HEAD + event(textResult(rpc.id)));
  const mcp = await opened(server);
  const operation = mcp.operation();
  expect(await mcp.session.call(operation, "tools/call", { name: "echo" })).toMatchObject({ failure: null });
  expect(operation.endMs - operation.sentMs).toBeLessThan(1_500);
});

test("a server that never stops asking ends the call, not the bridge", async () => {
  const server = await faultyAt("tools/call", (_request, socket) => {
    const asks = Array.from({ length: 1_100 }, (_, id) => event({ jsonrpc: "2.0", id: `ask-${id}`, method: "ping" }));
    socket.write(EVENTS_HEAD + asks.join(""));
    return null;
  });
  const mcp = await opened(server);
  expect((await mcp.tool()).failure).toMatchObject({ reason: "protocol", detail: expect.stringMatching(/1000/) });
});

describe("a stream that was primed with an event id", () => {
  const primed =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\nid: e-1\nretry: 20\ndata:\n\n";

  test("goes on by GET after the server closed it, and the answer ends the operation", async () => {
    let callId: unknown;
    let resumed: Socket | undefined;
    const server = await rawServer((request, socket) => {
      const { id, method } = request.rpc;
      if (method === "tools/call") {
        callId = id;
        socket.end(primed);
        return null;
      }
      if (request.method === "GET") {
        resumed = socket;
        socket.write(EVENTS_HEAD + event(textResult(callId)));
        return null;
      }
      if (id === undefined) return http(202, {});
      return json({
        jsonrpc: "2.0",
        id,
        result: { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "raw", version: "0" } },
      });
    });
    const mcp = await opened(server);
    const operation = mcp.operation();
    expect(await mcp.session.call(operation, "tools/call", { name: "echo" })).toMatchObject({ failure: null });
    expect(operation.requests).toBe(1);
    expect(operation.endMs - operation.sentMs).toBeGreaterThanOrEqual(19);
    expect(server.requests.find(({ method }) => method === "GET")?.headers["last-event-id"]).toBe("e-1");
    expect(mcp.hidden.mock.calls.flat()).toEqual(["notifications/initialized", "GET resume"]);
    // The server leaves the resumed stream open; the client must not, or each call would keep a connection.
    await expect.poll(() => resumed?.destroyed).toBe(true);
  });

  test("is given up after a few streams that brought nothing", async () => {
    const server = await rawServer((request, socket) => {
      if (request.rpc.method === "initialize") {
        return json({
          jsonrpc: "2.0",
          id: request.rpc.id,
          result: { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "raw", version: "0" } },
        });
      }
      if (request.method === "POST" && request.rpc.id === undefined) return http(202, {});
      socket.end(primed);
      return null;
    });
    const mcp = await opened(server);
    expect((await mcp.tool()).failure?.reason).toBe("disconnected");
    expect(mcp.hidden.mock.calls.flat().filter((name) => name === "GET resume")).toHaveLength(3);
  });
});

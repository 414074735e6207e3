import { afterEach, describe, expect, test, vi } from "vitest";
import { METHODS } from "../../../bridge/mcp-session.ts";
import { type Harness, harness, LIMITS } from "../mcp-harness.ts";
import { faultyAt, http, json, rawServer, textResult } from "../raw-server.ts";
import { type SdkServer, sessionServer, statelessServer } from "../sdk-servers.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

const using = (server: { url: string; close(): Promise<void> }, over: Parameters<typeof harness>[0] = {}): Harness => {
  const mcp = harness({ url: server.url, ...over });
  open.push(mcp, server);
  return mcp;
};

const SCRIPT = {
  roots: [{ uri: "file:///a", name: "a" }],
  sampling: "sampled",
  elicitation: "defaults",
} as const;

const REFERENCE = { ref: { type: "ref/prompt", name: "greet" }, argument: { name: "name", value: "A" } };

describe.each([
  ["SDK v1, sessions, JSON", () => sessionServer({ json: true }), "session"],
  ["SDK v1, sessions, SSE", () => sessionServer({ json: false }), "session"],
  ["SDK v2, both eras", () => statelessServer(), "stateless"],
  ["SDK v2, 2026-07-28 only", () => statelessServer({ isModernOnly: true }), "stateless"],
] as const)("%s", (_name, start, era) => {
  test("every kind of operation gets its answer, and its stamps are in order", async () => {
    const mcp = using(await start());
    expect(await mcp.open()).toMatchObject({ failure: null, result: { serverInfo: { version: "1" } } });
    expect(mcp.session.era).toBe(era);
    expect(mcp.session.handshake).toBe(era === "session" ? "initialize" : "server/discover");
    const operation = mcp.operation();
    const called = await mcp.session.call(operation, "tools/call", { name: "echo", arguments: { text: "grüße" } });
    expect(called).toMatchObject({ failure: null, result: { content: [{ type: "text", text: "grüße" }] } });
    const { dispatchedMs, sentMs, headersMs, firstEventMs, endMs, bytesIn, bytesOut, requests } = operation;
    expect([dispatchedMs, sentMs, headersMs, firstEventMs, endMs]).toEqual(
      [dispatchedMs, sentMs, headersMs, firstEventMs, endMs].toSorted((a, b) => a - b),
    );
    expect(dispatchedMs).toBeGreaterThan(0);
    expect(bytesIn).toBeGreaterThan(20);
    expect(bytesOut).toBeGreaterThan(20);
    expect(requests).toBe(1);
    expect(await mcp.call("tools/list")).toMatchObject({ result: { tools: expect.any(Array) } });
    expect(await mcp.call("resources/list")).toMatchObject({ result: { resources: [{ uri: "test://doc" }] } });
    expect(await mcp.call("resources/read", { uri: "test://doc" })).toMatchObject({
      result: { contents: [{ text: "text" }] },
    });
    expect(await mcp.call("resources/templates/list")).toMatchObject({ result: { resourceTemplates: [] } });
    expect(await mcp.call("prompts/list")).toMatchObject({ result: { prompts: [{ name: "greet" }] } });
    expect(await mcp.call("prompts/get", { name: "greet", arguments: { name: "Ada" } })).toMatchObject({
      result: { messages: [{ content: { text: "Hi Ada" } }] },
    });
  });

  test("a list goes to the server each time", async () => {
    const server = await start();
    const mcp = using(server);
    await mcp.open();
    for (let time = 0; time < 3; time++) await mcp.call("tools/list");
    expect(server.seen.filter((method) => method === "tools/list")).toHaveLength(3);
  });

  test("an unknown tool is a failure", async () => {
    const mcp = using(await start());
    await mcp.open();
    expect((await mcp.tool("nothing")).failure?.reason).toMatch(/^(tool-error|json-rpc-error)$/);
  });

  test("what a server asks during a call is answered from the script", async () => {
    const mcp = using(await start(), { answers: SCRIPT, getStream: true });
    await mcp.open();
    const operation = mcp.operation();
    const ending = await mcp.session.call(operation, "tools/call", { name: "ask", arguments: {} });
    expect(ending.failure).toBeNull();
    const { content } = ending.result as { content: { text: string }[] };
    expect(content[0]?.text).toContain("Ada");
    if (era === "session") {
      expect(content[0]?.text).toContain("file:///a");
      expect(content[0]?.text).toContain("sampled");
      expect(mcp.hidden.mock.calls.flat().filter((name) => name === "response")).toHaveLength(4);
    } else {
      expect(operation.requests).toBe(2);
      expect(mcp.hidden).not.toHaveBeenCalled();
    }
  });

  test("the second session knows the era", async () => {
    const server = await start();
    const mcp = using(server);
    await mcp.open();
    const first = [...server.seen];
    const second = mcp.newSession();
    expect(await second.open(mcp.operation())).toMatchObject({ failure: null });
    expect(server.seen.slice(first.length).filter((method) => method === "server/discover")).toHaveLength(
      era === "session" ? 0 : 1,
    );
    await second.close(mcp.operation());
  });
});

describe("the session era", () => {
  test("a probe that found nothing is hidden, and the handshake's stamps begin after it", async () => {
    const server = await sessionServer({ json: true });
    const mcp = using(server);
    const operation = mcp.operation();
    await mcp.session.open(operation);
    expect(server.seen).toEqual(["server/discover", "initialize", "notifications/initialized"]);
    expect(mcp.hidden.mock.calls.flat()).toEqual(["server/discover", "notifications/initialized"]);
    expect(operation.requests).toBe(1);
  });

  test("a pinned revision is not probed for, and is the only one that is offered", async () => {
    const server = await sessionServer({ json: true });
    const mcp = using(server, { protocol: "2025-03-26" });
    expect(await mcp.open()).toMatchObject({ result: { protocolVersion: "2025-03-26" } });
    expect(server.seen[0]).toBe("initialize");
  });

  test("completion, ping and a tool that breaks", async () => {
    const mcp = using(await sessionServer({ json: true }));
    await mcp.open();
    expect((await mcp.call("ping")).failure).toBeNull();
    expect((await mcp.call("completion/complete", REFERENCE)).failure?.reason).toBe("json-rpc-error");
    expect((await mcp.tool("break")).failure).toMatchObject({ reason: "tool-error", detail: "broken" });
  });

  test("close sends DELETE as the operation, once", async () => {
    const server = await sessionServer({ json: true });
    const mcp = using(server);
    await mcp.open();
    const operation = mcp.operation();
    expect(await mcp.session.close(operation)).toMatchObject({ failure: null, wasSent: true });
    expect(operation.sentMs).toBeGreaterThan(0);
    expect(operation.endMs).toBeGreaterThanOrEqual(operation.sentMs);
    expect(server.seen.at(-1)).toBe("DELETE");
    expect(await mcp.session.close(mcp.operation())).toMatchObject({ failure: null, wasSent: false });
    expect(mcp.session.isOpen).toBe(false);
  });

  test("after a lost session the same object opens a new one", async () => {
    const server = await sessionServer({ json: true });
    const mcp = using(server);
    await mcp.open();
    server.forget();
    expect((await mcp.tool("echo", { text: "a" })).failure?.reason).toBe("session-lost");
    expect(await mcp.session.close(mcp.operation())).toMatchObject({ wasSent: false });
    expect(await mcp.open()).toMatchObject({ failure: null });
    expect(await mcp.tool("echo", { text: "a" })).toMatchObject({ failure: null });
  });

  test("the GET stream is opened only when it is set", async () => {
    const server = await sessionServer({ json: true });
    const mcp = using(server, { getStream: true });
    await mcp.open();
    await expect.poll(() => server.seen).toContain("GET");
    expect(mcp.hidden).toHaveBeenCalledWith("GET stream");
  });

  test("DELETE that is not answered is given up at its limit", async () => {
    const server = await faultyAt("DELETE", () => null, { "mcp-session-id": "s" });
    const mcp = using(server, { protocol: "2025-11-25", limits: { ...LIMITS, closeMs: 60 } });
    await mcp.open();
    expect(await mcp.session.close(mcp.operation())).toMatchObject({ failure: { reason: "timeout" }, wasSent: true });
  });

  test("a server that allows no DELETE is left without a failure", async () => {
    const server = await faultyAt("DELETE", () => http(405, {}), { "mcp-session-id": "s" });
    const mcp = using(server, { protocol: "2025-11-25" });
    await mcp.open();
    expect(await mcp.session.close(mcp.operation())).toMatchObject({ failure: null, wasSent: true });
  });

  test("cookies go back when they are on, and only then", async () => {
    for (const cookies of [true, false]) {
      const server = await faultyAt("x", () => null, { "set-cookie": "lb=node-3; Path=/" });
      const mcp = using(server, { protocol: "2025-11-25", cookies });
      await mcp.open();
      await mcp.tool();
      expect(server.requests.at(-1)?.headers.cookie).toBe(cookies ? "lb=node-3" : undefined);
    }
  });

  test("a session that the server made before the handshake failed is deleted", async () => {
    const server = await faultyAt("notifications/initialized", () => http(500, {}), { "mcp-session-id": "s" });
    const mcp = using(server, { protocol: "2025-11-25" });
    expect((await mcp.open()).failure).toMatchObject({ reason: "http-5xx", code: 500 });
    await expect.poll(() => server.requests.at(-1)?.method).toBe("DELETE");
    expect(mcp.session.isOpen).toBe(false);
  });
});

describe("the stateless era", () => {
  test("an argument that belongs into a header goes there, in every session, after one list", async () => {
    const server = await statelessServer({ isModernOnly: true });
    const mcp = using(server);
    await mcp.open();
    await mcp.call("tools/list");
    const other = mcp.newSession();
    await other.open(mcp.operation());
    const before = server.seen.length;
    const called = await other.call(mcp.operation(), "tools/call", { name: "route", arguments: { region: "west" } });
    expect(called).toMatchObject({ failure: null, result: { content: [{ text: "west" }] } });
    expect(server.seen.slice(before)).toEqual(["tools/call"]);
  });

  test("without a list before it, the call recovers, and what that took is hidden", async () => {
    const server = await statelessServer({ isModernOnly: true });
    const mcp = using(server);
    await mcp.open();
    const operation = mcp.operation();
    const called = await mcp.session.call(operation, "tools/call", { name: "route", arguments: { region: "west" } });
    expect(called).toMatchObject({ failure: null });
    expect(server.seen).toEqual(["server/discover", "tools/call", "tools/list", "tools/call"]);
    expect(mcp.hidden.mock.calls.flat()).toEqual(["tools/list"]);
    expect(operation.requests).toBe(2);
  });

  test("ping does not exist: protocol, and nothing is sent", async () => {
    const server = await statelessServer();
    const mcp = using(server);
    await mcp.open();
    const operation = mcp.operation();
    expect((await mcp.session.call(operation, "ping", {})).failure?.reason).toBe("protocol");
    expect(operation.sentMs).toBe(0);
    expect(operation.endMs).toBeGreaterThan(0);
  });

  test("close has nothing to tell", async () => {
    const server = await statelessServer();
    const mcp = using(server);
    await mcp.open();
    expect(await mcp.session.close(mcp.operation())).toMatchObject({ failure: null, wasSent: false });
    expect(server.seen).toEqual(["server/discover"]);
  });

  test("a time limit closes the stream and sends no notification", async () => {
    const server = await rawServer(({ rpc }) => {
      if (rpc.method !== "server/discover") return null;
      const result = { supportedVersions: ["2026-07-28"], capabilities: { tools: {} }, resultType: "complete" };
      return json({ jsonrpc: "2.0", id: rpc.id, result });
    });
    const mcp = using(server, { protocol: "2026-07-28", limits: { ...LIMITS, callMs: 50 } });
    expect(await mcp.open()).toMatchObject({ failure: null });
    expect((await mcp.tool()).failure?.reason).toBe("timeout");
    await expect.poll(() => server.opened() - server.alive()).toBe(1);
    expect(server.requests.map(({ rpc }) => rpc.method)).toEqual(["server/discover", "tools/call"]);
  });

  test("404 with a JSON-RPC error is the error, not a lost session", async () => {
    const server = await rawServer(({ rpc }) => {
      const error = { code: -32601, message: "Method not found" };
      if (rpc.method !== "server/discover") {
        return http(404, { "content-type": "application/json" }, JSON.stringify({ jsonrpc: "2.0", id: rpc.id, error }));
      }
      return json({ jsonrpc: "2.0", id: rpc.id, result: { supportedVersions: ["2026-07-28"], capabilities: {} } });
    });
    const mcp = using(server, { protocol: "2026-07-28" });
    await mcp.open();
    expect((await mcp.tool()).failure).toMatchObject({ reason: "json-rpc-error", code: -32601 });
    expect(mcp.session.isOpen).toBe(true);
  });
});

describe("a probe that fails", () => {
  test.each([
    [401, "http-401"],
    [403, "http-403"],
    [429, "http-429"],
    [503, "http-503"],
    [307, "http-3xx"],
  ])("with %i is no evidence for an era: the handshake ends as %s", async (status, reason) => {
    const server = await rawServer(() => http(status, {}));
    const mcp = using(server);
    expect((await mcp.open()).failure).toMatchObject({ reason, code: status });
    expect(server.requests).toHaveLength(1);
    expect(mcp.session.handshake).toBe("initialize");
  });

  test("with a plain 400, 404, 405 or 406 is the session era", async () => {
    for (const status of [400, 404, 405, 406]) {
      const server = await faultyAt("server/discover", () => http(status, {}, "what?"));
      const mcp = using(server);
      expect(await mcp.open()).toMatchObject({ failure: null });
      expect(mcp.session.era).toBe("session");
    }
  });
});

test("sessions that open together probe once", async () => {
  const server: SdkServer = await sessionServer({ json: true });
  const mcp = using(server);
  const sessions = Array.from({ length: 8 }, () => mcp.newSession());
  const endings = await Promise.all(sessions.map((session) => session.open(mcp.operation())));
  expect(endings.map(({ failure }) => failure)).toEqual(Array(8).fill(null));
  expect(server.seen.filter((method) => method === "server/discover")).toHaveLength(1);
  await Promise.all(sessions.map((session) => session.close(mcp.operation())));
});

test("waiting for another session's probe is in no time of the handshake", async () => {
  let probe: (() => void) | null = null;
  const server = await faultyAt("server/discover", (_request, socket) => {
    probe = () => socket.write(http(404, {}));
    return null;
  });
  const mcp = using(server);
  const first = mcp.open();
  await expect.poll(() => probe).not.toBeNull();
  const operation = mcp.operation();
  const second = mcp.newSession().open(operation);
  const waitedFrom = performance.now();
  setTimeout(() => probe?.(), 60);
  expect(await first).toMatchObject({ failure: null });
  expect(await second).toMatchObject({ failure: null });
  expect(operation.heldMs).toBeGreaterThan(40);
  expect(operation.dispatchedMs - operation.intendedMs - operation.heldMs).toBeLessThan(40);
  expect(operation.sentMs).toBeGreaterThan(waitedFrom + 40);
});

describe("a cancel", () => {
  test("settles the call at once, before the server says anything", async () => {
    const server = await faultyAt("tools/call", () => null);
    const mcp = using(server, { protocol: "2025-11-25" });
    await mcp.open();
    const operation = mcp.operation();
    const called = mcp.session.call(operation, "tools/call", { name: "echo" });
    await expect.poll(() => operation.sentMs).toBeGreaterThan(0);
    mcp.session.abort(operation, "cancelled");
    expect(await called).toEqual({ failure: { reason: "cancelled" } });
    mcp.session.abort(operation, "timeout");
    expect(operation.failure).toEqual({ reason: "cancelled" });
  });

  test("while the credential is being fetched ends the operation and sends nothing", async () => {
    const server = await rawServer(() => null);
    let give: (token: string) => void = () => {};
    const mcp = harness(
      { url: server.url, protocol: "2025-11-25" },
      { credential: { authorization: () => new Promise((resolve) => (give = resolve)) } },
    );
    open.push(mcp, server);
    const operation = mcp.operation();
    const opening = mcp.session.open(operation);
    mcp.session.abort(operation, "cancelled");
    expect((await opening).failure?.reason).toBe("cancelled");
    give("Bearer x");
    await mcp.close();
    expect(server.opened()).toBe(0);
  });

  test("of one call leaves the others of the session alone", async () => {
    const waiting: (() => void)[] = [];
    const server = await faultyAt("tools/call", ({ rpc }, socket) => {
      waiting.push(() => socket.write(json(textResult(rpc.id))));
      return null;
    });
    const mcp = using(server, { protocol: "2025-11-25" });
    await mcp.open();
    const operations = [mcp.operation(), mcp.operation()] as const;
    const calls = operations.map((operation) => mcp.session.call(operation, "tools/call", { name: "echo" }));
    await expect.poll(() => waiting.length).toBe(2);
    mcp.session.abort(operations[0], "cancelled");
    for (const answer of waiting) answer();
    expect((await Promise.all(calls)).map(({ failure }) => failure?.reason ?? "ok")).toEqual(["cancelled", "ok"]);
  });
});

test("closing a session ends what it has under way", async () => {
  const server = await faultyAt("tools/call", () => null);
  const mcp = using(server, { protocol: "2025-11-25" });
  await mcp.open();
  const called = mcp.tool();
  await mcp.session.close(mcp.operation());
  expect((await called).failure?.reason).toBe("cancelled");
});

test("a handshake that times out settles at its limit and takes its connection along", async () => {
  const server = await rawServer(() => null);
  const mcp = using(server, { limits: { ...LIMITS, initializeMs: 60 } });
  expect((await mcp.open()).failure).toEqual({ reason: "timeout" });
  await expect.poll(() => server.opened() - server.alive()).toBe(1);
  expect(server.requests).toHaveLength(1);
});

test("a GET stream that the server refuses is told once for all sessions", async () => {
  const server = await faultyAt("GET", () => http(405, {}), { "mcp-session-id": "s" });
  const note = vi.fn<(text: string) => void>();
  const mcp = harness({ url: server.url, protocol: "2025-11-25", getStream: true }, { note });
  open.push(mcp, server);
  const other = mcp.newSession();
  await Promise.all([mcp.open(), other.open(mcp.operation())]);
  await expect.poll(() => mcp.hidden.mock.calls.flat().filter((name) => name === "GET stream")).toHaveLength(2);
  await expect.poll(() => note.mock.calls).toEqual([[expect.stringContaining("GET stream")]]);
  await other.close(mcp.operation());
});

test("a call on a session that is not open is session-lost for every method", async () => {
  const mcp = harness({});
  for (const method of METHODS) expect((await mcp.call(method)).failure?.reason).toBe("session-lost");
  await mcp.close();
});

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Credential } from "../../../../auth/credential.ts";
import type { Failure } from "../../../../bridge/operation.ts";
import type { ServerSettings } from "../../../../config/settings.ts";
import { type Harness, harness } from "../../mcp-harness.ts";
import { type OldServer, oldServer } from "../../old-server.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

const running = async (over: Partial<ServerSettings> = {}, credential: Partial<Credential> = {}) => {
  const server: OldServer = await oldServer();
  open.push(server);
  const onRepair = vi.fn();
  const mcp: Harness = harness({ url: server.url, transport: "sse", ...over }, { credential, onRepair });
  open.unshift(mcp);
  return { server, mcp, onRepair };
};

const echo = (mcp: Harness, words = "hi") => mcp.tool("echo", { text: words });

describe("HTTP+SSE of 2024-11-05", () => {
  test("opens, calls, lists and closes; its stamps are there", async () => {
    const { server, mcp } = await running();
    const operation = mcp.operation();
    expect((await mcp.session.open(operation)).failure).toBeNull();
    expect(mcp.session).toMatchObject({ era: "session", handshake: "initialize", isOpen: true });
    expect(operation.endMs).toBeGreaterThan(operation.sentMs);
    const { result } = await echo(mcp, "hé");
    expect(result).toMatchObject({ content: [{ type: "text", text: "hé" }] });
    expect((await mcp.call("tools/list")).result).toHaveProperty("tools.length", 3);
    expect(server.streams).toBe(1);
    expect(mcp.server.connections.read()).toMatchObject({ streams: 1 });
    expect(await mcp.session.close(null)).toMatchObject({ failure: null, wasSent: false });
    await vi.waitFor(() => expect(server.streams).toBe(0));
  });

  test("ten calls of a session are under way together", async () => {
    const { server, mcp } = await running();
    await mcp.open();
    const calls = Array.from({ length: 10 }, () => mcp.tool("meet", { people: 10 }));
    expect((await Promise.all(calls)).filter(({ failure }) => failure !== null)).toEqual([]);
    expect(server.streams).toBe(1);
  });

  test("sends the server's headers and the credential with every request", async () => {
    const { server, mcp } = await running(
      { headers: { "x-team": "perf" } },
      { authorization: () => "Bearer good-token" },
    );
    server.accept("Bearer good-token");
    await mcp.open();
    expect((await echo(mcp)).failure).toBeNull();
    expect(server.heads.every((head) => head["x-team"] === "perf")).toBe(true);
    expect(server.heads.length).toBeGreaterThan(3);
  });

  test("a refused credential is renewed once, and the message sent once more", async () => {
    let token = "Bearer stale-token";
    const rejected = vi.fn(async () => {
      token = "Bearer fresh-token";
      return true;
    });
    const { server, mcp, onRepair } = await running({}, { authorization: () => token, rejected });
    server.accept("Bearer stale-token");
    await mcp.open();
    server.accept("Bearer fresh-token");
    expect((await echo(mcp)).failure).toBeNull();
    expect(rejected).toHaveBeenCalledTimes(1);
    expect(onRepair).toHaveBeenCalledWith({ outcome: "ok", tookMs: expect.any(Number) });
  });

  test("a credential that is refused for good is http-401, at the handshake and at a call", async () => {
    const { server, mcp } = await running({}, { authorization: () => "Bearer hunter2", rejected: () => false });
    server.accept("Bearer other");
    const { failure } = await mcp.open();
    expect(failure).toMatchObject({ reason: "http-401", code: 401 });
    expect(JSON.stringify(failure)).not.toContain("hunter2");
  });
});

describe("a server that does not do its part", () => {
  test("is not there: connect", async () => {
    const { server, mcp } = await running();
    await server.close();
    open.splice(open.indexOf(server), 1);
    expect((await mcp.open()).failure).toMatchObject({ reason: "connect", detail: "ECONNREFUSED" });
  });

  test.each([
    [503, "http-503"],
    [404, "http-404"],
    [302, "http-3xx"],
  ])("answers %d to the stream: %s, and is not asked again", async (status, reason) => {
    const { server, mcp } = await running();
    server.refuseStreams(status);
    expect((await mcp.open()).failure).toMatchObject({ reason, code: status });
    expect(server.heads).toHaveLength(1);
  });

  test("ends the stream: what is under way is disconnected, the next is session-lost, and it can be opened anew", async () => {
    const { server, mcp } = await running();
    await mcp.open();
    const call = mcp.tool("hang");
    await vi.waitFor(() => expect(server.heads.length).toBeGreaterThanOrEqual(4));
    server.endStreams();
    expect((await call).failure?.reason).toBe("disconnected");
    expect((await echo(mcp)).failure?.reason).toBe("session-lost");
    expect((await mcp.open()).failure).toBeNull();
    expect((await echo(mcp)).failure).toBeNull();
    expect(server.streams).toBe(1);
  });

  test("forgot the session: session-lost", async () => {
    const { server, mcp } = await running();
    await mcp.open();
    server.forget();
    expect((await echo(mcp)).failure).toMatchObject({ reason: "session-lost", code: 404 });
  });

  test("sends an event without an end: too-large", async () => {
    const { server, mcp } = await running({ maxAnswerBytes: 10_000 });
    await mcp.open();
    const call = mcp.tool("hang");
    await vi.waitFor(() => expect(server.heads.length).toBeGreaterThanOrEqual(4));
    server.say(`data: ${"x".repeat(50_000)}`);
    expect((await call).failure?.reason).toBe("too-large");
  });

  test("does not answer: timeout, and the session goes on", async () => {
    const { mcp } = await running();
    await mcp.open();
    expect((await mcp.call("tools/call", { name: "hang", arguments: {} }, 100)).failure?.reason).toBe("timeout");
    expect((await echo(mcp)).failure).toBeNull();
  });
});

/** Speaks HTTP+SSE by hand: what it does with a GET and with each message is the test's. */
const byHand = async (
  onStream: (response: ServerResponse) => void,
  onMessage: (message: { id?: number; method: string }, response: ServerResponse, say: (value: object) => void) => void,
  over: Partial<ServerSettings> = {},
  deps: Parameters<typeof harness>[1] = {},
) => {
  let stream: ServerResponse | null = null;
  let underWay = 0;
  const server = createServer(async (request, response) => {
    underWay += 1;
    response.once("close", () => {
      underWay -= 1;
    });
    if (request.method === "GET") {
      stream = response;
      onStream(response);
      return;
    }
    onMessage(JSON.parse(await text(request)), response, (value) =>
      stream?.write(`data: ${JSON.stringify({ jsonrpc: "2.0", ...value })}\n\n`),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const mcp = harness(
    { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sse`, transport: "sse", ...over },
    deps,
  );
  open.push(mcp, {
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return { mcp, underWay: () => underWay };
};

const begin = (response: ServerResponse, endpoint = "/messages"): void => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(`event: endpoint\ndata: ${endpoint}\n\n`);
};

const INITIALIZED = {
  protocolVersion: "2025-03-26",
  capabilities: { tools: {} },
  serverInfo: { name: "by hand", version: "1" },
};

describe("a stream that is none", () => {
  test.each<[string, (response: ServerResponse) => void, Partial<Failure>]>([
    ["ends before it names its endpoint", (response) => response.end(), { reason: "disconnected" }],
    ["is reset before it names its endpoint", (response) => response.destroy(), { reason: "disconnected" }],
  ])("%s: told at once", async (_what, end, failure) => {
    const { mcp } = await byHand(
      (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).write(": hello\n\n", () => end(response));
      },
      () => undefined,
    );
    expect((await mcp.open()).failure).toMatchObject(failure);
  });

  test("has no content: protocol", async () => {
    const { mcp } = await byHand(
      (response) => response.writeHead(204).end(),
      () => undefined,
    );
    expect((await mcp.open()).failure).toMatchObject({ reason: "protocol" });
  });

  test("is a page that goes on and on: protocol, and nobody reads it on", async () => {
    const { mcp, underWay } = await byHand(
      (response) => response.writeHead(200, { "content-type": "text/html" }).write("<html>"),
      () => undefined,
    );
    const { failure } = await mcp.open();
    expect(failure?.reason).toBe("protocol");
    expect(failure?.detail).toContain("text/html");
    await mcp.session.close(null);
    await vi.waitFor(() => expect(underWay()).toBe(0));
    expect(mcp.server.connections.read()).toMatchObject({ streams: 0 });
  });

  test.each([
    ["at once", true],
    ["later", false],
  ])("names an endpoint at another origin %s: protocol, with the reason", async (_when, isAtOnce) => {
    const elsewhere = "http://127.0.0.1:1/steal";
    let stream: ServerResponse | null = null;
    const { mcp } = await byHand(
      (response) => {
        stream = response;
        begin(response, isAtOnce ? elsewhere : undefined);
      },
      ({ id, method }, response, say) => {
        response.writeHead(202).end();
        if (method === "initialize") say({ id, result: INITIALIZED });
        else if (id !== undefined) stream?.write(`event: endpoint\ndata: ${elsewhere}\n\n`);
      },
    );
    const opened = await mcp.open();
    const { failure } = isAtOnce ? opened : await mcp.tool();
    expect(failure?.reason).toBe("protocol");
    expect(failure?.detail).toContain("the endpoint that the server names is refused");
    expect(failure?.detail).toContain("http://127.0.0.1:1");
  });
});

describe("messages to the server", () => {
  test("that it never answers end with their calls, those without a call by the limit of calls", async () => {
    const { mcp, underWay } = await byHand(
      (response) => begin(response),
      ({ id, method }, response, say) => {
        if (method === "initialize") say({ id, result: INITIALIZED });
        if (id === undefined && method === "notifications/initialized") response.writeHead(202).end();
      },
      { limits: { connectMs: 2_000, initializeMs: 2_000, callMs: 200, listMs: 2_000, closeMs: 2_000 } },
    );
    expect((await mcp.open()).failure).toBeNull();
    const calls = Array.from({ length: 5 }, () => mcp.call("tools/call", { name: "x", arguments: {} }, 30));
    expect((await Promise.all(calls)).map(({ failure }) => failure?.reason)).toEqual(Array(5).fill("timeout"));
    await vi.waitFor(() => expect(underWay()).toBe(1));
    expect(mcp.session.isOpen).toBe(true);
  });

  test("one that failed does not lend its reason to the end of the stream", async () => {
    let stream: ServerResponse | null = null;
    const { mcp } = await byHand(
      (response) => {
        stream = response;
        begin(response);
      },
      ({ id, method }, response, say) => {
        const isCall = method === "tools/call";
        response.writeHead(isCall ? 503 : 202).end();
        if (method === "initialize") say({ id, result: INITIALIZED });
        else if (method === "tools/list") stream?.end();
      },
    );
    await mcp.open();
    expect((await mcp.tool()).failure?.reason).toBe("http-503");
    expect((await mcp.call("tools/list")).failure?.reason).toBe("disconnected");
  });
});

test("progress of a call is heard", async () => {
  const { mcp } = await byHand(
    (response) => begin(response),
    ({ id, method }, response, say) => {
      response.writeHead(202).end();
      if (method === "initialize") say({ id, result: INITIALIZED });
      if (method !== "tools/call") return;
      say({ method: "notifications/progress", params: { progressToken: "other", progress: 1 } });
      say({ method: "notifications/progress", params: { progressToken: "mine", progress: 1 } });
      say({ id, result: { content: [] } });
    },
  );
  await mcp.open();
  const call = mcp.operation();
  const params = { name: "x", arguments: {}, _meta: { progressToken: "mine" } };
  expect((await mcp.session.call(call, "tools/call", params)).failure).toBeNull();
  expect(call.stream?.fact(call.sentMs)).toMatchObject({ progress: 1 });
});

import { constants } from "node:http2";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type H2Options, type H2Server, h2Server } from "../h2-server.ts";
import { type Harness, harness } from "../mcp-harness.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

const DIRECT = { pool: "shared", http2: true, family: "any", proxy: null } as const;

const running = async (options: H2Options, http2 = true): Promise<[H2Server, Harness]> => {
  const server = await h2Server(options);
  open.push(server);
  const mcp = harness({
    url: server.url,
    protocol: "2025-11-25",
    tls: { ca: server.ca },
    connections: { ...DIRECT, http2 },
  });
  open.unshift(mcp);
  expect(await mcp.open()).toMatchObject({ failure: null });
  // A connection of HTTP/1.1 is free again one turn after its answer.
  await setImmediate();
  return [server, mcp];
};

const reasonsOf = async (calls: readonly ReturnType<Harness["tool"]>[]): Promise<string[]> =>
  (await Promise.all(calls)).map(({ failure }) => failure?.reason ?? "ok");

const ten = (mcp: Harness) => Array.from({ length: 10 }, () => mcp.tool());

describe("ten calls at once in one session", () => {
  test.each(["json", "events"] as const)("overlap on one connection of HTTP/2, answered as %s", async (as) => {
    const [server, mcp] = await running({ as, together: 10 });
    expect(await reasonsOf(ten(mcp))).toEqual(Array(10).fill("ok"));
    expect(server.mostWaiting).toBe(10);
    expect(new Set(server.versions)).toEqual(new Set(["2.0"]));
    expect(server.sockets.size).toBe(1);
    expect(mcp.server.connections.read()).toMatchObject({ opened: { h2: 1 }, open: 1, closedByServer: 0 });
  });

  test.each(["json", "events"] as const)("overlap on ten connections of HTTP/1.1, answered as %s", async (as) => {
    const [server, mcp] = await running({ as, together: 10, isOld: true });
    expect(await reasonsOf(ten(mcp))).toEqual(Array(10).fill("ok"));
    expect(server.mostWaiting).toBe(10);
    expect(new Set(server.versions)).toEqual(new Set(["1.1"]));
    expect(server.sockets.size).toBe(10);
    expect(mcp.server.connections.read()).toMatchObject({ opened: { "http/1.1": 10 }, open: 10 });
  });
});

test("HTTP/2 is not offered unless it is wanted", async () => {
  const [server, mcp] = await running({}, false);
  expect(await reasonsOf([mcp.tool()])).toEqual(["ok"]);
  expect(server.versions).toEqual(["1.1"]);
});

test("a time is taken on each of the streams for itself", async () => {
  const [server, mcp] = await running({ together: 2 });
  const first = mcp.operation();
  const call = mcp.session.call(first, "tools/call", { name: "echo", arguments: {} });
  await vi.waitFor(() => expect(server.waiting).toBe(1));
  const second = mcp.operation();
  await Promise.all([call, mcp.session.call(second, "tools/call", { name: "echo", arguments: {} })]);
  expect(first.sentMs).toBeLessThan(second.sentMs);
  expect(second.headersMs).toBeGreaterThan(second.sentMs);
  expect(first.endMs).toBeGreaterThan(second.sentMs);
});

describe("what goes wrong on HTTP/2", () => {
  test("a call that timed out ends its stream, not the connection", async () => {
    const [server, mcp] = await running({ together: 99 });
    const { failure } = await mcp.call("tools/call", { name: "echo", arguments: {} }, 50);
    expect(failure?.reason).toBe("timeout");
    expect(server.sessions.size).toBe(1);
    const next = mcp.tool();
    await vi.waitFor(() => expect(server.waiting).toBe(2));
    server.answerAll();
    expect(await reasonsOf([next])).toEqual(["ok"]);
    expect(server.sockets.size).toBe(1);
  });

  test("a GOAWAY ends what is under way as disconnected, once each, and the next call opens a connection", async () => {
    const [server, mcp] = await running({ together: 4 });
    const calls = [mcp.tool(), mcp.tool(), mcp.tool()];
    await vi.waitFor(() => expect(server.waiting).toBe(3));
    for (const session of server.sessions) session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    expect(await reasonsOf(calls)).toEqual(Array(3).fill("disconnected"));
    expect(server.versions).toHaveLength(3);
    server.answerAll();
    const next = mcp.tool();
    await vi.waitFor(() => expect(server.waiting).toBe(1));
    server.answerAll();
    expect(await reasonsOf([next])).toEqual(["ok"]);
    expect(server.sockets.size).toBe(2);
    expect(mcp.server.connections.read()).toMatchObject({ opened: { h2: 2 }, closedByServer: 1 });
  });

  test("a session that the server destroys ends all its streams as disconnected", async () => {
    const [server, mcp] = await running({ together: 4 });
    const calls = [mcp.tool(), mcp.tool(), mcp.tool()];
    await vi.waitFor(() => expect(server.waiting).toBe(3));
    for (const socket of server.sockets) socket.destroy();
    expect(await reasonsOf(calls)).toEqual(Array(3).fill("disconnected"));
    await vi.waitFor(() => expect(mcp.server.connections.read()).toMatchObject({ closedByServer: 1 }));
  });

  test.each([
    ["refused", constants.NGHTTP2_REFUSED_STREAM],
    ["reset with an error", constants.NGHTTP2_INTERNAL_ERROR],
    ["reset without one", constants.NGHTTP2_CANCEL],
  ])("a stream that is %s ends its call alone as disconnected", async (_what, code) => {
    const server = await h2Server({ together: 99 });
    open.push(server);
    const mcp = harness({ url: server.url, protocol: "2025-11-25", tls: { ca: server.ca }, connections: DIRECT });
    open.unshift(mcp);
    await mcp.open();
    const calls = [mcp.tool(), mcp.tool()];
    await vi.waitFor(() => expect(server.waiting).toBe(2));
    server.resetFirst(code);
    expect(await reasonsOf([calls[0] as ReturnType<Harness["tool"]>])).toEqual(["disconnected"]);
    server.answerAll();
    expect(await reasonsOf([calls[1] as ReturnType<Harness["tool"]>])).toEqual(["ok"]);
  });
});

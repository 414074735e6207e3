import { afterEach, describe, expect, test, vi } from "vitest";
import type { Credential } from "../../../../auth/credential.ts";
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

const echo = (mcp: Harness, text = "hi") => mcp.tool("echo", { text });

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

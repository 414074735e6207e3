import type { Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { FromServer } from "../../bridge/from-server.ts";
import { Operation } from "../../bridge/operation.ts";
import { type Harness, harness } from "./mcp-harness.ts";
import { EVENTS_HEAD, event, faultyAt, http, INITIALIZED, json, rawServer, textResult } from "./raw-server.ts";
import { LEVELS, type TalkativeServer, talkativeServer } from "./talkative-server.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

test("what a server makes up is counted as other, and nothing that it says is kept", () => {
  const fromServer = new FromServer("learn");
  for (const params of [undefined, null, 5, {}, { level: "loud" }, { level: { toString: "info" } }]) {
    fromServer.heard("notifications/message", params);
  }
  fromServer.heard("notifications/__proto__", {});
  expect(fromServer.take()?.counts).toEqual({ other: 7 });
  expect(fromServer.take()).toBeNull();
});

describe("of a server of the official SDK that talks under load", () => {
  const SESSIONS = 5;
  const CALLS = 4;
  const ANSWERS = { roots: [{ uri: "file:///work" }], sampling: "Fine.", elicitation: "defaults" } as const;

  const sessions = async (): Promise<{ server: TalkativeServer; fromServer: FromServer; mcps: readonly Harness[] }> => {
    const server = await talkativeServer();
    const fromServer = new FromServer("talkative");
    const settings = { url: server.url, protocol: "2025-11-25", getStream: true, answers: ANSWERS } as const;
    const mcps = Array.from({ length: SESSIONS }, () => harness(settings, { fromServer }));
    open.push(...mcps, server);
    for (const mcp of mcps) expect(await mcp.open()).toMatchObject({ failure: null });
    // Where the server's requests and updates come; before they are there, these would be lost.
    await expect.poll(() => server.streams()).toBe(SESSIONS);
    return { server, fromServer, mcps };
  };

  const talking = async (mcp: Harness, progressToken: number): Promise<Operation> => {
    const operation = new Operation(progressToken, performance.now());
    const params = { name: "talk", arguments: {}, _meta: { progressToken } };
    expect(await mcp.session.call(operation, "tools/call", params)).toMatchObject({ failure: null });
    return operation;
  };

  test("everything is counted by its kind, and the scripted answers have their times", async () => {
    const { fromServer, mcps } = await sessions();
    const calls = mcps.flatMap((mcp, at) =>
      Array.from({ length: CALLS }, (_, call) => talking(mcp, at * CALLS + call + 1)),
    );
    const operations = await Promise.all(calls);
    const all = SESSIONS * CALLS;
    const kinds = [
      "resource-updated",
      "resources-changed",
      "tools-changed",
      "prompts-changed",
      ...LEVELS.map((level) => `log-${level}`),
    ];
    const asked = ["sampling", "elicitation", "roots", "ping"];
    const heard = fromServer.take();
    expect(heard?.counts).toEqual({
      progress: 3 * all,
      ...Object.fromEntries([...kinds, ...asked].map((kind) => [kind, all])),
    });
    expect(heard?.answeredMs).toHaveLength(asked.length * all);
    expect(Math.min(...(heard?.answeredMs ?? []))).toBeGreaterThan(0);
    expect(heard?.unanswered).toBe(0);
    for (const { stream, sentMs } of operations) expect(stream?.fact(sentMs)).toMatchObject({ progress: 3 });
  });

  test("a session subscribes and sets a level, each an operation of its own", async () => {
    const { server, mcps } = await sessions();
    const [mcp] = mcps;
    expect(await mcp?.call("resources/subscribe", { uri: "test://doc" })).toMatchObject({ failure: null });
    expect(await mcp?.call("resources/unsubscribe", { uri: "test://doc" })).toMatchObject({ failure: null });
    expect(await mcp?.call("logging/setLevel", { level: "error" })).toMatchObject({ failure: null });
    expect(server.asked).toEqual(["subscribe test://doc", "unsubscribe test://doc", "level error"]);
    expect(await mcp?.call("logging/setLevel", { level: "loud" })).toMatchObject({
      failure: { reason: "json-rpc-error" },
    });
  });

  test("a flood is a number, and the call is a success", async () => {
    const { fromServer, mcps } = await sessions();
    const [mcp] = mcps;
    expect(await mcp?.tool("flood", { messages: 5_000 })).toMatchObject({ failure: null });
    expect(fromServer.take()).toMatchObject({ counts: { "log-info": 5_000 }, answeredMs: [] });
  });
});

test("requests that come faster than they can be answered are counted, whether they got an answer or not", async () => {
  const REQUESTS = 300;
  const server = await faultyAt("tools/call", ({ rpc }, socket) => {
    const asking = Array.from({ length: REQUESTS }, (_, id) => event({ jsonrpc: "2.0", id, method: "ping" })).join("");
    socket.end(EVENTS_HEAD + asking + event(textResult(rpc.id)));
    return null;
  });
  const fromServer = new FromServer("raw");
  const mcp = harness({ url: server.url, protocol: "2025-11-25" }, { fromServer });
  open.push(mcp, server);
  await mcp.open();
  expect(await mcp.tool()).toMatchObject({ failure: null });
  let answered = 0;
  let unanswered = 0;
  let pings = 0;
  await expect
    .poll(() => {
      const heard = fromServer.take();
      pings += heard?.counts.ping ?? 0;
      answered += heard?.answeredMs.length ?? 0;
      unanswered += heard?.unanswered ?? 0;
      return answered + unanswered;
    })
    .toBe(REQUESTS);
  expect(pings).toBe(REQUESTS);
  expect(unanswered).toBeGreaterThan(0);
});

test("progress that comes on the session's own stream belongs to the call that its token names", async () => {
  let stream: Socket | undefined;
  const server = await rawServer(({ method, rpc }, socket) => {
    if (method === "GET") {
      stream = socket;
      return EVENTS_HEAD;
    }
    if (rpc.method === "initialize") return json({ jsonrpc: "2.0", id: rpc.id, result: INITIALIZED });
    if (rpc.method !== "tools/call") return http(202, {});
    for (const progressToken of ["mine", "nobody's", undefined, "mine"]) {
      const params = { progressToken, progress: 1 };
      stream?.write(event({ jsonrpc: "2.0", method: "notifications/progress", params }));
    }
    return null;
  });
  const mcp = harness({ url: server.url, protocol: "2025-11-25", getStream: true });
  open.push(mcp, server);
  await mcp.open();
  await expect.poll(() => stream).toBeDefined();
  const operation = mcp.operation();
  const called = mcp.session.call(operation, "tools/call", { name: "echo", _meta: { progressToken: "mine" } });
  await expect.poll(() => operation.stream?.fact(operation.sentMs).progress).toBe(2);
  mcp.session.abort(operation, "cancelled");
  await called;
});

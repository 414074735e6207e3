import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Operation } from "../../../bridge/operation.ts";
import type { ConnectionSettings } from "../../../config/settings.ts";
import { type CountingMcp, type CountingOptions, countingMcp } from "../counting-mcp.ts";
import { type Harness, harness } from "../mcp-harness.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

interface Wanted extends Partial<ConnectionSettings>, CountingOptions {
  readonly name?: string;
  readonly getStream?: boolean;
}

const running = async (wanted: Wanted = {}): Promise<[CountingMcp, Harness]> => {
  const {
    pool = "shared",
    family = "any",
    http2 = false,
    proxy = null,
    name = "127.0.0.1",
    getStream = false,
  } = wanted;
  const server = await countingMcp(wanted);
  open.push(server);
  const mcp = harness({
    url: `http://${name}:${server.port}/mcp`,
    protocol: "2025-11-25",
    getStream,
    connections: { pool, family, http2, proxy },
  });
  open.unshift(mcp);
  return [server, mcp];
};

/** More sessions of the same server, opened. */
const sessions = async (mcp: Harness, count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, id) => {
      const session = mcp.newSession();
      const operation = () => new Operation(id, performance.now());
      expect(await session.open(operation())).toMatchObject({ failure: null });
      return {
        call: () => session.call(operation(), "tools/call", { name: "echo", arguments: {} }),
        close: () => session.close(null),
      };
    }),
  );

/** Waits until so many connections have been closed, by whom it says. A reading takes what it tells away: they are added up. */
const closes = async (mcp: Harness, wanted: { readonly closedByUs: number; readonly closedByServer: number }) => {
  const closed = { closedByUs: 0, closedByServer: 0 };
  await vi.waitFor(() => {
    const reading = mcp.server.connections.read();
    closed.closedByUs += reading?.closedByUs ?? 0;
    closed.closedByServer += reading?.closedByServer ?? 0;
    expect(closed).toEqual(wanted);
  });
};

describe("a pool of each session's own", () => {
  test("has one connection for one session, used again by each of its calls", async () => {
    const [server, mcp] = await running({ pool: "user" });
    await mcp.open();
    for (let n = 0; n < 5; n++) {
      await setImmediate();
      await mcp.tool();
    }
    expect(server.sockets).toHaveLength(1);
    expect(mcp.server.connections.read()).toMatchObject({ requests: 7, opened: { "http/1.1": 1 }, open: 1 });
  });

  test("is closed with its session, by us", async () => {
    const [server, mcp] = await running({ pool: "user" });
    const [first, second] = await sessions(mcp, 2);
    await first?.close();
    await vi.waitFor(() => expect(server.closed).toBe(1));
    expect((await second?.call())?.failure).toBeNull();
    await closes(mcp, { closedByUs: 1, closedByServer: 0 });
  });

  test("is nobody else's: sessions one after the other do not share a connection", async () => {
    const [server, mcp] = await running({ pool: "user" });
    for (let n = 0; n < 3; n++) {
      const [session] = await sessions(mcp, 1);
      await setImmediate();
      await session?.call();
    }
    expect(server.sockets).toHaveLength(3);
  });

  test("300 sessions keep their idle connections through gaps, make no others and lose none", async () => {
    const [server, mcp] = await running({ pool: "user" });
    const all = await sessions(mcp, 300);
    // A handshake may need two, where the first one is not free yet.
    const made = server.sockets.length;
    expect(made).toBeGreaterThanOrEqual(300);
    for (let round = 0; round < 2; round++) {
      // The gap is what this is about.
      await sleep(1_500);
      const ends = await Promise.all(all.map((session) => session.call()));
      expect(ends.filter(({ failure }) => failure !== null)).toEqual([]);
    }
    expect(server.sockets).toHaveLength(made);
    expect(server.closed).toBe(0);
    expect(mcp.server.connections.read()).toMatchObject({ opened: { "http/1.1": made }, open: made, closedByUs: 0 });
    for (const session of all) await session.close();
  });
});

test("a shared pool has as many connections as there are requests at once", async () => {
  const [server, mcp] = await running();
  for (let n = 0; n < 3; n++) {
    await setImmediate();
    const [session] = await sessions(mcp, 1);
    await setImmediate();
    await session?.call();
  }
  expect(server.sockets).toHaveLength(1);
});

describe("who ended a connection", () => {
  test("the server, when it closed it while idle", async () => {
    const [server, mcp] = await running();
    await mcp.open();
    for (const socket of server.sockets) socket.end();
    await closes(mcp, { closedByUs: 0, closedByServer: server.sockets.length });
  });

  test("the server, when it reset it", async () => {
    const [server, mcp] = await running();
    await mcp.open();
    for (const socket of server.sockets) socket.resetAndDestroy();
    await closes(mcp, { closedByUs: 0, closedByServer: server.sockets.length });
  });

  test("the server, when its answers say that it will", async () => {
    const [server, mcp] = await running({ closesEach: true });
    await mcp.open();
    await mcp.tool();
    expect(server.sockets).toHaveLength(3);
    await closes(mcp, { closedByUs: 0, closedByServer: 3 });
  });

  test("we, at the end", async () => {
    const [server, mcp] = await running();
    await mcp.open();
    await mcp.close();
    await closes(mcp, { closedByUs: server.sockets.length, closedByServer: 0 });
  });
});

test("a connection that could not be made is counted by its code", async () => {
  const server = await countingMcp();
  await server.close();
  const mcp = harness({ url: `http://127.0.0.1:${server.port}/mcp`, protocol: "2025-11-25" });
  open.unshift(mcp);
  expect((await mcp.open()).failure?.reason).toBe("connect");
  expect(mcp.server.connections.read()).toMatchObject({ requests: 1, failed: { ECONNREFUSED: 1 }, open: 0 });
  expect(mcp.server.connections.read()).toBeNull();
});

test("streams that sessions hold open are counted while they are", async () => {
  const [, mcp] = await running({ getStream: true });
  const all = await sessions(mcp, 20);
  await vi.waitFor(() => expect(mcp.server.connections.read()?.streams).toBe(20));
  for (const session of all) await session.close();
  mcp.server.connections.read();
  await mcp.open();
  await vi.waitFor(() => expect(mcp.server.connections.read()?.streams).toBe(1));
});

describe("addresses", () => {
  test("an IPv6 address as the host", async () => {
    const [server, mcp] = await running({ host: "::1", name: "[::1]" });
    expect((await mcp.open()).failure).toBeNull();
    expect(server.sockets[0]?.remoteFamily).toBe("IPv6");
  });

  test.each([
    ["ipv4", "::1", "connect"],
    ["ipv4", "127.0.0.1", null],
    ["ipv6", "127.0.0.1", "connect"],
  ] as const)("of a name only %s, where the server has %s", async (family, host, reason) => {
    const [, mcp] = await running({ family, host, name: "localhost" });
    expect((await mcp.open()).failure?.reason ?? null).toBe(reason);
  });
});

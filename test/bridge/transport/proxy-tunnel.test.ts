import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, createServer as createPlainServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { countingMcp } from "../counting-mcp.ts";
import { h2Server } from "../h2-server.ts";
import { type Harness, harness, LIMITS } from "../mcp-harness.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

type Refuse = (request: IncomingMessage) => number | null;

/** A real little proxy: it opens tunnels and knows what it was asked for. */
const proxyThat = async (refuse: Refuse | "is silent" = () => null) => {
  const asked: { readonly authority: string | undefined; readonly headers: IncomingMessage["headers"] }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    sockets.add(client);
    client.on("error", () => undefined);
    asked.push({ authority: request.url, headers: request.headers });
    if (refuse === "is silent") return;
    const status = refuse(request);
    if (status !== null) {
      client.end(`HTTP/1.1 ${status} No\r\nproxy-authenticate: Basic realm=x\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const target = connect(Number(port || 80), hostname.replace(/^\[|\]$/g, ""), () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy());
    sockets.add(target);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return { at: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
};

const through = (proxy: string, url: string, over: Parameters<typeof harness>[0] = {}): Harness => {
  const connections = { pool: "shared", http2: false, family: "any", proxy, ...over.connections } as const;
  const mcp = harness({ protocol: "2025-11-25", ...over, url, connections });
  open.unshift(mcp);
  return mcp;
};

describe("through a proxy", () => {
  test("a server on http is reached by a tunnel, in which alone the server's headers go", async () => {
    const server = await countingMcp();
    open.push(server);
    const { at, asked } = await proxyThat();
    const mcp = through(`http://${at}`, `http://127.0.0.1:${server.port}/mcp`, { headers: { "x-key": "hunter2" } });
    expect((await mcp.open()).failure).toBeNull();
    expect((await mcp.tool()).failure).toBeNull();
    expect(asked[0]?.authority).toBe(`127.0.0.1:${server.port}`);
    expect(JSON.stringify(asked)).not.toContain("hunter2");
  });

  test("a server on https keeps its own TLS, and HTTP/2 where it is wanted", async () => {
    const server = await h2Server();
    open.push(server);
    const { at, asked } = await proxyThat();
    const connections = { pool: "shared", http2: true, family: "any", proxy: `http://${at}` } as const;
    const mcp = through(`http://${at}`, server.url, { tls: { ca: server.ca }, connections });
    expect((await mcp.open()).failure).toBeNull();
    expect((await mcp.tool()).failure).toBeNull();
    expect(server.versions).toEqual(["2.0"]);
    expect(asked).toHaveLength(1);
  });

  test("a server of an authority that is not trusted is tls, as without the proxy", async () => {
    const server = await h2Server();
    open.push(server);
    const { at } = await proxyThat();
    expect((await through(`http://${at}`, server.url).open()).failure?.reason).toBe("tls");
  });

  test("an IPv6 address is asked for in brackets", async () => {
    const server = await countingMcp({ host: "::1" });
    open.push(server);
    const { at, asked } = await proxyThat();
    expect((await through(`http://${at}`, `http://[::1]:${server.port}/mcp`).open()).failure).toBeNull();
    expect(asked[0]?.authority).toBe(`[::1]:${server.port}`);
  });

  test("its credentials go to it alone", async () => {
    const server = await countingMcp();
    open.push(server);
    const { at, asked } = await proxyThat(({ headers }) => (headers["proxy-authorization"] ? null : 407));
    const mcp = through(`http://me:p%40ss@${at}`, `http://127.0.0.1:${server.port}/mcp`);
    expect((await mcp.open()).failure).toBeNull();
    expect(asked[0]?.headers["proxy-authorization"]).toBe(`Basic ${Buffer.from("me:p@ss").toString("base64")}`);
  });
});

describe("a proxy that does not do its part", () => {
  test.each([407, 403, 502])("answers %d: connect, with the status and without the credential", async (status) => {
    const { at } = await proxyThat(() => status);
    const mcp = through(`http://me:hunter2@${at}`, "http://127.0.0.1:9/mcp");
    const { failure } = await mcp.open();
    expect(failure).toMatchObject({ reason: "connect", code: status, detail: `the proxy answered ${status}` });
    expect(mcp.server.connections.read()?.failed).toEqual({ [`proxy ${status}`]: 1 });
  });

  test("is not there: connect", async () => {
    const { failure } = await through("http://127.0.0.1:1", "http://127.0.0.1:9/mcp").open();
    expect(failure).toMatchObject({ reason: "connect", detail: "ECONNREFUSED" });
  });

  test("never answers: connect, at the limit of connecting", async () => {
    const { at } = await proxyThat("is silent");
    const limits = { ...LIMITS, connectMs: 100 };
    const { failure } = await through(`http://${at}`, "http://127.0.0.1:9/mcp", { limits }).open();
    expect(failure).toMatchObject({ reason: "connect", detail: "UND_ERR_CONNECT_TIMEOUT" });
  });

  test("speaks no HTTP: a protocol fault, not a hang", async () => {
    const server = createPlainServer((socket) =>
      socket
        .on("error", () => undefined)
        .resume()
        .end("SSH-2.0-nothing\r\n"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const { port } = server.address() as AddressInfo;
    expect((await through(`http://127.0.0.1:${port}`, "http://127.0.0.1:9/mcp").open()).failure?.reason).toBe(
      "protocol",
    );
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createPlainServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type Harness, harness } from "../mcp-harness.ts";
import { certificateAuthority, issuedBy } from "../test-certificates.ts";

const folder = mkdtempSync(join(tmpdir(), "swarmbridge-tls-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const authority = certificateAuthority("test authority");
const server = issuedBy(authority, "server");
const client = issuedBy(authority, "client");
const stranger = issuedBy(certificateAuthority("another authority"), "stranger");
const ca = file("ca.pem", authority.certPem);
const pair = (name: string, { certPem, keyPem }: typeof client) => ({
  cert: file(`${name}.pem`, certPem),
  key: file(`${name}.key`, keyPem),
});

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

const RESULT = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "tls", version: "0" } };

const httpsServer = async (isMutual: boolean): Promise<string> => {
  const https = createServer(
    {
      key: server.keyPem,
      cert: server.certPem,
      ca: authority.certPem,
      requestCert: isMutual,
      rejectUnauthorized: isMutual,
    },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id?: number };
        response.writeHead(id === undefined ? 202 : 200, { "content-type": "application/json" });
        response.end(id === undefined ? "" : JSON.stringify({ jsonrpc: "2.0", id, result: RESULT }));
      });
    },
  );
  await new Promise<void>((resolve) => https.listen(0, "127.0.0.1", resolve));
  open.push({
    close: async () => {
      https.closeAllConnections();
      await new Promise((resolve) => https.close(resolve));
    },
  });
  return `https://127.0.0.1:${(https.address() as AddressInfo).port}/mcp`;
};

const to = (url: string, tls: Record<string, string>): Harness => {
  const mcp = harness({ url, protocol: "2025-11-25", tls });
  open.unshift(mcp);
  return mcp;
};

describe("over TLS", () => {
  test("a server of the configured authority is trusted", async () => {
    expect(await to(await httpsServer(false), { ca }).open()).toMatchObject({ failure: null });
  });

  test("a server of an unknown authority is tls", async () => {
    const { failure } = await to(await httpsServer(false), {}).open();
    expect(failure?.reason).toBe("tls");
  });

  test("a server of another authority than the configured one is tls", async () => {
    const other = file("other.pem", certificateAuthority("a third").certPem);
    expect((await to(await httpsServer(false), { ca: other }).open()).failure?.reason).toBe("tls");
  });

  test("a client certificate opens a server that asks for one", async () => {
    expect(await to(await httpsServer(true), { ca, ...pair("client", client) }).open()).toMatchObject({
      failure: null,
    });
  });

  test.each([
    ["no certificate", {}],
    ["one of a stranger", pair("stranger", stranger)],
  ])("a server that asks for a certificate and gets %s ends the connection", async (_name, own) => {
    // In TLS 1.3 the client's handshake is over by then, and Node's server closes without an alert.
    const { failure } = await to(await httpsServer(true), { ca, ...own }).open();
    expect(failure?.reason).toBe("disconnected");
  });

  test("a server that speaks no TLS is tls", async () => {
    const plain = createPlainServer((socket) => socket.resume().end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    open.push({ close: () => new Promise((resolve) => plain.close(() => resolve())) });
    const { port } = plain.address() as AddressInfo;
    expect((await to(`https://127.0.0.1:${port}/mcp`, {}).open()).failure?.reason).toBe("tls");
  });

  test("a PEM file that cannot be read is said before anything is opened", () => {
    expect(() => harness({ tls: { ca: join(folder, "absent.pem") } })).toThrow(/ENOENT/);
  });
});

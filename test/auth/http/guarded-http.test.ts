import type { LookupAddress } from "node:dns";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createNetServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { guardedHttp, type Resolve } from "../../../auth/http/guarded-http.ts";
import type { HttpQuestion } from "../../../auth/http/http-question.ts";
import { certificateAuthority, issuedBy } from "../../bridge/test-certificates.ts";

const HERE = { url: "http://127.0.0.1:1/mcp", tls: {} };
const PUBLIC = { url: "https://mcp.example.com/mcp", tls: {} };

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    if ("closeAllConnections" in server) (server.closeAllConnections as () => void)();
  });
  return (server.address() as AddressInfo).port;
};
const serving = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listening(createServer(listener))}`;
const get = (url: string, over: Partial<HttpQuestion> = {}): HttpQuestion => ({
  method: "GET",
  url,
  trust: "claimed",
  server: HERE,
  ...over,
});
const resolvingTo = (...addresses: readonly string[]): Resolve & { asked: string[] } => {
  const asked: string[] = [];
  const resolve: Resolve = (name, _options, done) => {
    asked.push(name);
    done(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return Object.assign(resolve, { asked });
};

test("an answer comes back as a value, with what was sent having arrived", async () => {
  const url = await serving((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      response.writeHead(401, { "www-authenticate": ["Bearer a=b", "Basic"], "content-type": "text/plain" });
      response.end(`${request.method} ${request.url} ${request.headers["x-own"]} ${body}`);
    });
  });
  const answer = await guardedHttp(get(`${url}/a?b=c`, { method: "POST", headers: { "x-own": "1" }, body: "tëxt" }));
  expect(answer).toMatchObject({ status: 401, body: "POST /a?b=c 1 tëxt" });
  expect(answer.headers["www-authenticate"]).toBe("Bearer a=b, Basic");
});

test("nothing is asked to be compressed, and no cookie or agent's name goes along", async () => {
  const url = await serving((request, response) => response.end(JSON.stringify(request.headers)));
  const { body } = await guardedHttp(get(url));
  expect(JSON.parse(body)).toEqual({
    host: new URL(url).host,
    connection: "keep-alive",
    "accept-encoding": "identity",
  });
});

test("a redirect is an answer and not a way", async () => {
  let requests = 0;
  const url = await serving((_request, response) => {
    requests += 1;
    response.writeHead(302, { location: "/elsewhere" }).end();
  });
  expect(await guardedHttp(get(url))).toMatchObject({ status: 302, headers: { location: "/elsewhere" } });
  expect(requests).toBe(1);
});

test("a body larger than 256 KiB is refused, however it is announced", async () => {
  const announced = await serving((_request, response) => response.end(Buffer.alloc(256 * 1024 + 1, "x")));
  await expect(guardedHttp(get(announced))).rejects.toMatchObject({
    code: "AUTH_INVALID",
    detail: { why: "its answer is larger than 256 KiB" },
  });
  const largest = await serving((_request, response) => response.end(Buffer.alloc(256 * 1024, "x")));
  expect((await guardedHttp(get(largest))).body).toHaveLength(256 * 1024);
});

test("of a body without end no more is read than the limit", async () => {
  let written = 0;
  let isClosed: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    isClosed = resolve;
  });
  const url = await serving((_request, response) => {
    const write = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, "x"))) written += 65_536;
    };
    response.on("drain", write).on("close", isClosed);
    write();
  });
  await expect(guardedHttp(get(url))).rejects.toMatchObject({ code: "AUTH_INVALID" });
  await closed;
  // What the two sockets and undici hold beside it is bounded; a gigabyte was never on its way.
  expect(written).toBeLessThan(32 * 1024 * 1024);
});

test("a body that trickles ends with the time limit, and so does its connection", async () => {
  const closed = Promise.withResolvers<void>();
  const url = await serving((_request, response) => {
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => {
      clearInterval(timer);
      closed.resolve();
    });
  });
  await expect(guardedHttp(get(url, { limitMs: 200 }))).rejects.toMatchObject({
    code: "AUTH_UNREACHABLE",
    detail: { place: `${url}/`, why: "timeout" },
  });
  await closed.promise;
});

test("a server that takes the connection and says nothing ends with the time limit, also in the TLS handshake", async () => {
  const port = await listening(createNetServer((socket) => socket.on("error", () => undefined).resume()));
  for (const url of [`http://127.0.0.1:${port}/`, `https://127.0.0.1:${port}/`]) {
    await expect(guardedHttp(get(url, { limitMs: 150 }))).rejects.toMatchObject({ detail: { why: "timeout" } });
  }
});

test("a look-up that hangs ends with the time limit", async () => {
  const question = get("https://idp.example.com/", { server: PUBLIC, limitMs: 100 });
  await expect(guardedHttp(question, () => undefined)).rejects.toMatchObject({ detail: { why: "timeout" } });
});

test("only the headers of a stream without end are waited for when only they are wanted", async () => {
  const closed = Promise.withResolvers<void>();
  const url = await serving((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(": hello\n\n");
    response.on("close", closed.resolve);
  });
  expect(await guardedHttp(get(url, { headersOnly: true }))).toMatchObject({ status: 200, body: "" });
  await closed.promise;
});

test("headers of 24 KiB are read: a challenge may be long", async () => {
  const url = await serving((_request, response) => {
    response.writeHead(401, { "www-authenticate": `Bearer scope="${"x".repeat(24 * 1024)}"` }).end();
  });
  expect((await guardedHttp(get(url))).headers["www-authenticate"]).toHaveLength(24 * 1024 + 15);
});

test("headers without end are refused", async () => {
  const port = await listening(
    createNetServer((socket) => {
      socket.on("error", () => undefined);
      socket.write("HTTP/1.1 200 OK\r\n");
      const write = (): void => {
        while (!socket.destroyed && socket.write(`x-${"y".repeat(1000)}: z\r\n`));
      };
      socket.on("drain", write);
      write();
    }),
  );
  await expect(guardedHttp(get(`http://127.0.0.1:${port}/`))).rejects.toMatchObject({
    code: "AUTH_UNREACHABLE",
    detail: { why: "UND_ERR_HEADERS_OVERFLOW" },
  });
});

test("nobody there is told by the system's code", async () => {
  const server = createNetServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  await expect(guardedHttp(get(`http://127.0.0.1:${port}/x?secret=canary`))).rejects.toMatchObject({
    code: "AUTH_UNREACHABLE",
    detail: { place: `http://127.0.0.1:${port}/x`, why: "ECONNREFUSED" },
  });
});

test("the server's own CA is trusted, and nobody unknown", async () => {
  const authority = certificateAuthority("test CA");
  const { keyPem, certPem } = issuedBy(authority, "idp");
  const port = await listening(
    createTlsServer({ key: keyPem, cert: certPem }, (_request, response) => response.end("hello")),
  );
  const folder = mkdtempSync(join(tmpdir(), "swarmbridge-ca-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "ca.pem"), authority.certPem);
  const url = `https://127.0.0.1:${port}/`;
  const trusting = { url: HERE.url, tls: { ca: join(folder, "ca.pem") } };
  expect(await guardedHttp(get(url, { server: trusting }))).toMatchObject({ status: 200, body: "hello" });
  await expect(guardedHttp(get(url))).rejects.toMatchObject({
    code: "AUTH_UNREACHABLE",
    detail: { why: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
  });
  const lost = { url: HERE.url, tls: { ca: join(folder, "nowhere.pem") } };
  await expect(guardedHttp(get(url, { server: lost }))).rejects.toMatchObject({ code: "AUTH_UNREADABLE" });
});

const tlsFolder = (files: Readonly<Record<string, string>>): ((name: string) => string) => {
  const folder = mkdtempSync(join(tmpdir(), "swarmbridge-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return (name) => join(folder, name);
};

test("the client certificate is shown to the server that it is for, and to no other place", async () => {
  const authority = certificateAuthority("test CA");
  const client = issuedBy(authority, "load test");
  const file = tlsFolder({ "ca.pem": authority.certPem, "client.pem": client.certPem, "client.key": client.keyPem });
  const { keyPem, certPem } = issuedBy(authority, "mcp");
  const options = { key: keyPem, cert: certPem, ca: authority.certPem, requestCert: true, rejectUnauthorized: false };
  const port = await listening(
    createTlsServer(options, ({ socket }, response) => response.end(String((socket as TLSSocket).authorized))),
  );
  const tls = { ca: file("ca.pem"), cert: file("client.pem"), key: file("client.key") };
  const url = `https://127.0.0.1:${port}/`;
  expect((await guardedHttp(get(url, { server: { url: `${url}mcp`, tls } }))).body).toBe("true");
  expect((await guardedHttp(get(url, { server: { url: "https://127.0.0.1:1/mcp", tls } }))).body).toBe("false");
});

test("with a CA of its own the server is trusted for that alone, as in a run", async ({ onTestFinished }) => {
  const [usual, own] = [certificateAuthority("usual CA"), certificateAuthority("own CA")];
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, usual.certPem]);
  onTestFinished(() => setDefaultCACertificates(before));
  const file = tlsFolder({ "own.pem": own.certPem });
  const { keyPem, certPem } = issuedBy(usual, "mcp");
  const port = await listening(createTlsServer({ key: keyPem, cert: certPem }, (_request, response) => response.end()));
  const url = `https://127.0.0.1:${port}/`;
  const tls = { ca: file("own.pem") };
  await expect(guardedHttp(get(url, { server: { url, tls } }))).rejects.toMatchObject({
    detail: { why: "SELF_SIGNED_CERT_IN_CHAIN" },
  });
  expect(await guardedHttp(get(url, { server: { url: HERE.url, tls } }))).toMatchObject({ status: 200 });
});

test("a client's key that is not its certificate's is told with the files' names", async () => {
  const authority = certificateAuthority("test CA");
  const [one, other] = [issuedBy(authority, "one"), issuedBy(authority, "other")];
  const file = tlsFolder({ "client.pem": one.certPem, "client.key": other.keyPem });
  const url = "https://127.0.0.1:1/mcp";
  const question = get(url, { server: { url, tls: { cert: file("client.pem"), key: file("client.key") } } });
  await expect(guardedHttp(question)).rejects.toMatchObject({
    code: "AUTH_UNREADABLE",
    detail: { place: `${file("client.pem")}, ${file("client.key")}`, why: expect.stringContaining("MISMATCH") },
  });
});

test("a stream that stays open is read until the question has its answer", async () => {
  const closed = Promise.withResolvers<void>();
  const url = await serving((_request, response) => {
    const text = Buffer.from("data: é!\n");
    response.write(text.subarray(0, 7)); // in the middle of a character
    setTimeout(() => response.write(text.subarray(7)), 20);
    response.on("close", closed.resolve);
  });
  const pieces: string[] = [];
  const until = (piece: string): boolean => pieces.push(piece) > 0 && piece.includes("!");
  expect(await guardedHttp(get(url, { until }))).toMatchObject({ status: 200, body: "data: é!\n" });
  expect(pieces.join("")).toBe("data: é!\n");
  await closed.promise;
});

test("a question may allow a larger body, and a smaller one", async () => {
  const url = await serving((_request, response) => response.end(Buffer.alloc(300 * 1024, "x")));
  expect((await guardedHttp(get(url, { mostBytes: 300 * 1024 }))).body).toHaveLength(300 * 1024);
  await expect(guardedHttp(get(url, { mostBytes: 100 * 1024 }))).rejects.toMatchObject({
    detail: { why: "its answer is larger than 100 KiB" },
  });
});

test("the address that is judged is the one that is connected to: one look-up, its answer used", async () => {
  const port = Number(new URL(await serving((_request, response) => response.end("here"))).port);
  const resolve = resolvingTo("127.0.0.1");
  const answer = await guardedHttp(get(`http://idp.localhost:${port}/`), resolve);
  expect(answer.body).toBe("here");
  expect(resolve.asked).toEqual(["idp.localhost"]);
});

test.each([
  ["169.254.169.254"],
  ["127.0.0.1"],
  ["10.0.0.1"],
  ["::ffff:169.254.169.254"],
  ["93.184.215.14", "10.0.0.1"],
])("a public name that resolves to %s is not connected to for a public server", async (...addresses) => {
  const question = get("https://idp.example.com/", { server: PUBLIC });
  await expect(guardedHttp(question, resolvingTo(...addresses))).rejects.toMatchObject({
    code: "AUTH_UNTRUSTED",
    detail: { place: "https://idp.example.com/" },
  });
});

test("a name that resolves to nothing is not found", async () => {
  const question = get("https://idp.example.com/", { server: PUBLIC });
  await expect(guardedHttp(question, resolvingTo())).rejects.toMatchObject({ detail: { why: "ENOTFOUND" } });
});

test("a proxy of the environment is not used", async ({ onTestFinished }) => {
  process.env.HTTP_PROXY = "http://127.0.0.1:9";
  onTestFinished(() => {
    delete process.env.HTTP_PROXY;
  });
  const url = await serving((_request, response) => response.end("direct"));
  expect((await guardedHttp(get(url))).body).toBe("direct");
});

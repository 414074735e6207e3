import { request } from "node:http";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Face, startFace } from "../../../bridge/face/face.ts";
import { Redactor } from "../../../bridge/redactor.ts";
import { idleBridge } from "./idle-bridge.ts";

const TOKEN = "face-test-token";

let face: Face;
let port: number;

beforeAll(async () => {
  const bridge = idleBridge({
    operations: { 'learn:tools/call:a"b': { ok: 3, timeout: 1 } },
    auth: { "learn:auth/renewal": { ok: 24, auth: 2 }, "learn:auth/401": { ok: 1 } },
    arrivals: { "learn:arrival:LearnUser": { ok: 4, dropped: 1 } },
    authTimes: { "learn:auth/renewal": { count: 26, sumMs: 500 }, "learn:auth/401": { count: 1, sumMs: 300 } },
    hidden: { "learn:notifications/initialized": 2 },
  });
  face = await startFace({
    bridge,
    port: 0,
    token: TOKEN,
    version: "1.2.3",
    carriesOut: true,
    redactor: new Redactor(),
  });
  port = Number(new URL(face.url).port);
});
afterAll(() => face.close());

interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** node:http, not fetch: a test has to be able to lie about Host. */
const ask = (path: string, { method = "GET", headers = {}, body }: Ask = {}) =>
  new Promise<{ status: number; text: string; type: string }>((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text, type: response.headers["content-type"] ?? "" }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });

const known = { authorization: `Bearer ${TOKEN}` };
const rpc = (body: unknown) =>
  ask("/rpc", {
    method: "POST",
    headers: { ...known, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("the HTTP face", () => {
  test("answers nothing with a secret in it, neither as JSON nor as metrics", async () => {
    const redactor = new Redactor();
    redactor.learn("canary-7f3a90c2d15e48b6");
    const bridge = idleBridge({ hidden: { "learn:canary-7f3a90c2d15e48b6": 2 } });
    const other = await startFace({ bridge, port: 0, token: TOKEN, version: "0", carriesOut: true, redactor });
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const stats = await fetch(`${other.url}/rpc`, { method: "POST", headers, body: '{"op":"stats","id":1}' });
    const metrics = await fetch(`${other.url}/metrics`, { headers });
    expect(await stats.json()).toMatchObject({ totals: { hidden: { "learn:[redacted]": 2 } } });
    expect(await metrics.text()).toContain('{name="learn:[redacted]"} 2');
    await other.close();
  });

  test("/healthz needs no token", async () => {
    expect(await ask("/healthz")).toMatchObject({ status: 200, text: '{"status":"ok","version":"1.2.3"}' });
  });

  test.each(["/metrics", "/sessions", "/rpc", "/anything"])("%s needs the token", async (path) => {
    expect((await ask(path)).status).toBe(401);
    expect((await ask(path, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect((await ask(path, { headers: { authorization: TOKEN } })).status).toBe(401);
  });

  test.each([
    ["a rebound name", { host: "evil.example" }],
    ["this address under another port", { host: "127.0.0.1:1" }],
    ["a page of another origin", { origin: "http://evil.example" }],
    ["a sandboxed page", { origin: "null" }],
  ])("%s is refused, token or not, /healthz included", async (_name, headers) => {
    for (const path of ["/healthz", "/sessions", "/rpc"])
      expect((await ask(path, { headers: { ...known, ...headers } })).status).toBe(403);
  });

  test("/metrics is Prometheus text with names escaped", async () => {
    const { status, text, type } = await ask("/metrics", { headers: known });
    expect(status).toBe(200);
    expect(type).toContain("text/plain");
    expect(text).toContain('swarmbridge_operations_total{name="learn:tools/call:a\\"b",outcome="ok"} 3');
    expect(text).toContain('swarmbridge_auth_total{name="learn:auth/renewal",outcome="auth"} 2');
    expect(text).toContain('swarmbridge_auth_seconds_sum{name="learn:auth/renewal"} 0.5');
    expect(text).toContain('swarmbridge_auth_seconds_count{name="learn:auth/renewal"} 26');
    expect(text).toContain('swarmbridge_auth_total{name="learn:auth/401",outcome="ok"} 1');
    // Its time contains a token's.
    expect(text).not.toMatch(/swarmbridge_auth_seconds.*401/);
    expect(text).toContain('swarmbridge_arrivals_total{name="learn:arrival:LearnUser",outcome="dropped"} 1');
    expect(text).toContain('swarmbridge_hidden_requests_total{name="learn:notifications/initialized"} 2');
  });

  test("/rpc answers with the end of the operation", async () => {
    const { status, text } = await rpc({ op: "call", id: 5, session: 1, method: "ping" });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ end: 5, ok: false, reason: "session-lost" });
  });

  test.each([
    ["not JSON", "{"],
    ["an array", "[]"],
    ["an op of the link that is none of HTTP's", { op: "quit" }],
    ["an unknown op", { op: "format" }],
    ["a missing field", { op: "open", id: 1 }],
  ])("/rpc refuses %s with 400", async (_name, body) => {
    expect((await rpc(body)).status).toBe(400);
  });

  test("/rpc refuses a body over the limit", async () => {
    expect((await rpc(JSON.stringify({ op: "x".repeat(9 * 1024 * 1024) }))).status).toBe(413);
  });

  test("beside a Locust run /rpc is refused: its users and counts are Locust's alone", async () => {
    const bridge = idleBridge();
    const beside = await startFace({
      bridge,
      port: 0,
      token: TOKEN,
      version: "0",
      carriesOut: false,
      redactor: new Redactor(),
    });
    const answer = await fetch(`${beside.url}/rpc`, {
      method: "POST",
      headers: { ...known, "content-type": "application/json" },
      body: JSON.stringify({ op: "call", id: 1, session: 1, method: "ping" }),
    });
    await beside.close();
    expect(answer.status).toBe(409);
  });

  test("a port that is taken is one sentence and exit code 3", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const taken = (other.address() as { port: number }).port;
    const bridge = idleBridge();
    await expect(
      startFace({ bridge, port: taken, token: TOKEN, version: "0", carriesOut: true, redactor: new Redactor() }),
    ).rejects.toMatchObject({
      code: "FACE_PORT",
      exitCode: 3,
      message: expect.stringContaining(`port ${taken}`),
    });
    other.close();
  });
});

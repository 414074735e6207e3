import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { readBody } from "../../demo/body.ts";
import { Counter } from "../../demo/counts.ts";
import { SeededText } from "../../demo/seeded-text.ts";
import { learnServer } from "../../demo/servers/learn.ts";
import { SessionFace } from "../../demo/session-face.ts";

const text = new SeededText(1);
let http: Server | undefined;
let face: SessionFace | undefined;

afterEach(async () => {
  await face?.close();
  http?.closeAllConnections();
  http?.close();
});

async function serve(limits: { maxSessions?: number; idleMs?: number; nowMs?: () => number }) {
  const counter = new Counter();
  const served = new SessionFace({ createServer: () => learnServer(text), answers: "json", counter, ...limits });
  const listening = createServer(async (request, response) => {
    const body = request.method === "POST" ? await readBody(request) : undefined;
    await served.handle(request, response, body?.ok ? body.value : undefined);
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  [face, http] = [served, listening];
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/mcp`;
  return { counter, face: served, url };
}

const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

async function open(url: string): Promise<string> {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
  const answer = await fetch(url, { method: "POST", headers: HEADERS, body });
  await answer.text();
  return answer.headers.get("mcp-session-id") ?? "";
}

async function ping(url: string, session: string): Promise<number> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "ping" });
  const answer = await fetch(url, { method: "POST", headers: { ...HEADERS, "mcp-session-id": session }, body });
  await answer.text();
  return answer.status;
}

test("a session that nobody used for the idle time is gone, one that was used stays", async () => {
  let nowMs = 0;
  const { counter, face, url } = await serve({ idleMs: 1_000, nowMs: () => nowMs });
  const [idle, used] = [await open(url), await open(url)];
  nowMs = 900;
  expect(await ping(url, used)).toBe(200);
  nowMs = 1_100;
  face.sweep();
  expect(await ping(url, idle)).toBe(404);
  expect(await ping(url, used)).toBe(200);
  expect(counter.snapshot().sessions).toEqual({ opened: 2, deleted: 0, expired: 1, open: 1 });
});

test("a session with an open GET stream does not idle", async () => {
  let nowMs = 0;
  const { face, url } = await serve({ idleMs: 1_000, nowMs: () => nowMs });
  const session = await open(url);
  const stream = await fetch(url, { headers: { accept: "text/event-stream", "mcp-session-id": session } });
  expect(stream.status).toBe(200);
  nowMs = 5_000;
  face.sweep();
  expect(await ping(url, session)).toBe(200);
  await stream.body?.cancel();
});

test("one session more than the limit ends the one that has waited longest", async () => {
  const { counter, url } = await serve({ maxSessions: 2 });
  const [first, second] = [await open(url), await open(url)];
  await ping(url, first);
  const third = await open(url);
  expect(await ping(url, second)).toBe(404);
  expect(await ping(url, first)).toBe(200);
  expect(await ping(url, third)).toBe(200);
  expect(counter.snapshot().sessions).toEqual({ opened: 3, deleted: 0, expired: 1, open: 2 });
});

test("an initialize that the SDK refuses opens no session", async () => {
  const { counter, url } = await serve({});
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: {} });
  await fetch(url, { method: "POST", headers: { ...HEADERS, accept: "text/plain" }, body }).then((a) => a.text());
  expect(counter.snapshot().sessions).toMatchObject({ opened: 0, open: 0 });
});

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { MemoryWatch } from "../../../bridge/server-memory/memory-watch.ts";
import { SourceError } from "../../../bridge/server-memory/source-error.ts";
import type { MemorySettings } from "../../../config/settings.ts";
import type { MemoryEvent } from "../../../record/facts/server-memory.ts";

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

const LIMIT_MS = 5_000;
const HOUR_MS = 3_600_000;
const memory: MemorySettings = { source: { kind: "pid", pid: 1 }, gcUrl: null, everyMs: HOUR_MS };

const watching = (read: () => Promise<number>, over: Partial<MemorySettings> = {}) => {
  const events: MemoryEvent[] = [];
  const notes: string[] = [];
  const heard: (() => void)[] = [];
  const watch = new MemoryWatch({
    server: "learn",
    memory: { ...memory, ...over },
    read,
    hear: (event) => {
      events.push(event);
      heard.shift()?.();
    },
    note: (text) => notes.push(text),
  });
  const next = () => new Promise<void>((resolve) => heard.push(resolve));
  return { watch, events, notes, next };
};

test("a short run has two readings: at its start and at its stop", async () => {
  let bytes = 100;
  const { watch, events } = watching(async () => bytes++);
  await watch.end(LIMIT_MS);
  await watch.end(LIMIT_MS);
  expect(events.map((event) => [event.server, event.from, event.bytes])).toEqual([
    ["learn", "pid", 100],
    ["learn", "pid", 101],
  ]);
});

test("it goes on reading", async () => {
  const { watch, events, next } = watching(async () => 5, { everyMs: 1 });
  await next();
  await next();
  await next();
  await watch.end(LIMIT_MS);
  const count = events.length;
  expect(count).toBeGreaterThanOrEqual(4);
});

test("a source that fails is counted each time, and said once", async () => {
  const { watch, events, notes, next } = watching(() => Promise.reject(new SourceError("HTTP 404")), { everyMs: 1 });
  await next();
  await next();
  await watch.end(LIMIT_MS);
  expect(new Set(events.map(({ bytes, why }) => `${bytes} ${why}`))).toEqual(new Set(["null HTTP 404"]));
  expect(notes).toEqual(["its memory cannot be read: HTTP 404"]);
});

test("a fault of ours says nothing of what was read", async () => {
  const { watch, events } = watching(() => Promise.reject(new Error("secret")));
  await watch.end(LIMIT_MS);
  expect(JSON.stringify(events)).not.toContain("secret");
});

test("the server is asked to collect its garbage before the first and the last reading", async () => {
  const order: string[] = [];
  const server = createServer((request, response) => {
    order.push(`${request.method}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const gcUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gc`;
  const { watch, next } = watching(async () => order.push("read"), { gcUrl });
  await next();
  await watch.end(LIMIT_MS);
  expect(order).toEqual(["POST", "read", "POST", "read"]);
});

test("a reading that has not come when the run ends is a failed one, and what comes later is not heard", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const { watch, events, notes } = watching(() => promise);
  await watch.end(10);
  const failed = [["learn", null, "not read before the end of the run"]];
  expect(events.map(({ server, bytes, why }) => [server, bytes, why])).toEqual(failed);
  expect(notes).toEqual(["its memory cannot be read: not read before the end of the run"]);
  resolve(5);
  await new Promise((next) => setImmediate(next));
  expect(events).toHaveLength(1);
});

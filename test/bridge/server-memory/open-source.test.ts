import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { containerMemory } from "../../../bridge/server-memory/container-memory.ts";
import { limited, openSource } from "../../../bridge/server-memory/open-source.ts";
import { METRICS_KB, page } from "../../../bridge/server-memory/page.ts";
import { processMemory } from "../../../bridge/server-memory/process-memory.ts";

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "memory-"));
  closing.push(() => rmSync(made, { recursive: true }));
  return made;
};

const serving = async (listener: RequestListener, socket?: string): Promise<Server> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(socket ?? { port: 0, host: "127.0.0.1" }, resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
};
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const urlOf = (server: Server): string => `http://127.0.0.1:${portOf(server)}/`;

const onLinux = test.skipIf(process.platform !== "linux");

/** Other things may happen in this process between two looks. */
const CLOSE = 64 * 1024 * 1024;

onLinux("a process tells its resident memory", async () => {
  const bytes = await openSource({ kind: "pid", pid: process.pid })();
  expect(Math.abs(bytes - process.memoryUsage.rss())).toBeLessThan(CLOSE);
});

onLinux("the process that listens on a port is found", async () => {
  const port = portOf(await serving((_request, response) => response.end()));
  const bytes = await openSource({ kind: "port", port })();
  expect(Math.abs(bytes - process.memoryUsage.rss())).toBeLessThan(CLOSE);
});

onLinux("a port that nobody listens on is said so", async () => {
  const server = await serving((_request, response) => response.end());
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  await expect(openSource({ kind: "port", port })()).rejects.toThrow("no process that we may look at");
});

test("a process that is not there is said so", async () => {
  await expect(processMemory(1, join(folder(), "nowhere"))).rejects.toThrow(/no such process|only Linux/);
});

test("a page of metrics and a JSON document are read", async () => {
  const metrics = await serving((_request, response) => response.end("process_resident_memory_bytes 50\n"));
  const source = { kind: "prometheus", url: urlOf(metrics), metric: "process_resident_memory_bytes" } as const;
  expect(await openSource(source)()).toBe(50);
  const json = await serving((_request, response) => response.end('{"rss":60}'));
  expect(await openSource({ kind: "json", url: urlOf(json), pointer: "/rss" })()).toBe(60);
});

test("a file is read, and one that is not there is said so without its path", async () => {
  const path = join(folder(), "memory.current");
  writeFileSync(path, "70\n");
  expect(await openSource({ kind: "file", path, key: null })()).toBe(70);
  await expect(openSource({ kind: "file", path: `${path}.no`, key: null })()).rejects.toThrow(
    /^the file cannot be read \(ENOENT\)$/,
  );
});

onLinux("a pipe that nobody writes to, or a folder, is said to be no file", async () => {
  const path = join(folder(), "pipe");
  execFileSync("mkfifo", [path]);
  await expect(openSource({ kind: "file", path, key: null })()).rejects.toThrow("this is no file");
  await expect(openSource({ kind: "file", path: folder(), key: null })()).rejects.toThrow("this is no file");
});

test("a source that never answers costs one reading its time, and is asked again when it has", async () => {
  const asked: ((bytes: number) => void)[] = [];
  const read = limited(() => new Promise((resolve) => asked.push(resolve)), 20);
  await expect(read()).rejects.toThrow("no answer within 20 ms");
  await expect(read()).rejects.toThrow("an earlier reading has not ended");
  asked[0]?.(1);
  await new Promise((resolve) => setImmediate(resolve));
  const again = read();
  asked[1]?.(2);
  expect(await again).toBe(2);
});

test("a page of metrics may be longer than what is parsed as a whole", async () => {
  const others = `other{a="${"x".repeat(100)}"} 1\n`.repeat(5_000);
  const server = await serving((_request, response) => response.end(`${others}heap 50\n`));
  const url = urlOf(server);
  expect(await openSource({ kind: "prometheus", url, metric: "heap" })()).toBe(50);
  await expect(openSource({ kind: "json", url, pointer: "" })()).rejects.toThrow("the page is larger than 256 kB");
  await expect(page({ url, limitMs: 2_000, mostKb: METRICS_KB })).resolves.toHaveLength(others.length + 8);
});

test("a container's memory is what it uses less what its cache can give back", async () => {
  const socketPath = join(folder(), "docker.sock");
  const asked: (string | undefined)[] = [];
  await serving((request, response) => {
    asked.push(request.url);
    response.end(JSON.stringify({ memory_stats: { usage: 100, stats: { inactive_file: 30 } } }));
  }, socketPath);
  expect(await containerMemory("web", { limitMs: 2_000, socketPath })).toBe(70);
  expect(asked[0]).toMatch(/^\/containers\/web\/stats\?/);
});

test("a container that does not run, or no Docker, is said so", async () => {
  const socketPath = join(folder(), "docker.sock");
  await expect(containerMemory("web", { limitMs: 2_000, socketPath })).rejects.toThrow("cannot be reached (ENOENT)");
  await serving((_request, response) => response.end('{"memory_stats":{}}'), socketPath);
  await expect(containerMemory("web", { limitMs: 2_000, socketPath })).rejects.toThrow("does not run");
});

const WRONG: readonly (readonly [what: string, answer: RequestListener, why: RegExp])[] = [
  ["refuses", (_request, response) => response.writeHead(403).end("secret words"), /^HTTP 403$/],
  ["never ends", (_request, response) => response.write("1"), /^no answer within 200 ms$/],
  ["is endless", (_request, response) => void response.write(Buffer.alloc(5 * 1024 * 1024)), /^the page is larger/],
  ["hangs up", (request) => request.socket.destroy(), /^cannot be reached/],
  [
    "is cut",
    (_request, response) => {
      response.writeHead(200, { "content-length": 100 }).write("1");
      setImmediate(() => response.destroy());
    },
    /^the page was cut$/,
  ],
  ["sends one elsewhere", (_request, response) => response.writeHead(302, { location: "/x" }).end(), /^HTTP 302$/],
];

test.each(WRONG)("a page that %s costs a reading and its reason, nothing more", async (_what, answer, why) => {
  const server = await serving(answer);
  await expect(page({ url: urlOf(server), limitMs: 200 })).rejects.toThrow(why);
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { faultyAt, type RawServer } from "../raw-server.ts";

const MAIN = new URL("../../../bridge/main.ts", import.meta.url).pathname;

let folder = "";
let server: RawServer;
const started: ChildProcess[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "serve-test-"));
  server = await faultyAt("no such method", () => null, { "mcp-session-id": "s-1" });
  writeFileSync(join(folder, "loadtest.yaml"), `servers:\n  a:\n    url: ${server.url}\n    protocol: 2025-11-25\n`);
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const serve = (environment: Record<string, string> = {}): ChildProcess => {
  const child = spawn(process.execPath, [MAIN, "serve", "--port", "0"], {
    cwd: folder,
    env: { ...process.env, SWARMBRIDGE_RESULTS: join(folder, "results"), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  return child;
};

const firstLine = async (stream: NodeJS.ReadableStream | null): Promise<string> => {
  if (stream === null) throw new Error("no stream");
  const [line] = await once(createInterface({ input: stream }), "line");
  return String(line);
};

describe("bridge.cjs serve", () => {
  test("carries operations out over HTTP and leaves a complete record at Ctrl-C", async () => {
    const child = serve();
    expect(await firstLine(child.stdout)).toMatch(/^swarmbridge .* at http:\/\/127\.0\.0\.1:\d+; token in /);
    const results = join(folder, "results");
    const face = readdirSync(results).find((name) => name.startsWith("face-")) ?? "";
    const { url, token } = JSON.parse(readFileSync(join(results, face), "utf8"));
    const rpc = async (body: unknown): Promise<Record<string, unknown>> => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const answer = await fetch(`${url}/rpc`, { method: "POST", headers, body: JSON.stringify(body) });
      return (await answer.json()) as Record<string, unknown>;
    };
    expect(await rpc({ op: "open", id: 1, session: 1, server: "a" })).toMatchObject({ ok: true, name: "a:initialize" });
    expect(
      await rpc({ op: "call", id: 2, session: 1, method: "tools/call", params: { name: "x", arguments: {} } }),
    ).toMatchObject({ ok: true, name: "a:tools/call:x", result: { content: [{ text: "hello" }] } });
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    const [run = ""] = readdirSync(results);
    expect(JSON.parse(readFileSync(join(results, run, "run.json"), "utf8"))).toMatchObject({
      state: "complete",
      endReason: "Ctrl-C",
      sessions: { leftOpen: 1 },
      hidden: { "a:session/delete": 1 },
    });
    expect(readdirSync(results)).toEqual([run]);
  });

  test("says in one sentence why it cannot start, and ends with 3", async () => {
    writeFileSync(join(folder, "file"), "");
    const child = serve({ SWARMBRIDGE_RESULTS: join(folder, "file") });
    const ended = once(child, "exit");
    expect(await firstLine(child.stderr)).toContain(join(folder, "file"));
    expect(await ended).toEqual([3, null]);
  });
});

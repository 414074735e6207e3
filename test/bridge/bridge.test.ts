import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { AuthFact } from "../../bridge/auth-reports.ts";
import { Bridge, type StartMessage } from "../../bridge/bridge.ts";
import { isHeld } from "../../bridge/link/end-line.ts";
import { Redactor } from "../../bridge/redactor.ts";
import type { ServerSettings } from "../../config/settings.ts";
import { serverSettings } from "../server-settings.ts";
import { faultyAt, http, json, type RawServer, textResult } from "./raw-server.ts";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const bridgeTo = (
  entries: Readonly<Record<string, Partial<ServerSettings>>>,
  environment: Readonly<Record<string, string>> = {},
): { bridge: Bridge; results: string; notes: readonly string[] } => {
  const notes: string[] = [];
  const results = mkdtempSync(join(tmpdir(), "bridge-test-"));
  const servers = Object.fromEntries(
    Object.entries(entries).map(([name, over]) => [name, serverSettings({ name, protocol: "2025-11-25", ...over })]),
  );
  const bridge = new Bridge({
    settings: {
      source: "test",
      isAimed: false,
      envFiles: [],
      folder: "/",
      servers,
      autoStop: null,
      carriedSecrets: [],
    },
    redactor: new Redactor(),
    environment: (name) => environment[name],
    resultsRoot: results,
    versions: {},
    note: (_level, text) => notes.push(text),
  });
  open.push(
    () => rmSync(results, { recursive: true }),
    () => bridge.end("test is over", 100),
  );
  return { bridge, results, notes };
};

const serving = async (server: Promise<RawServer>): Promise<RawServer> => {
  const served = await server;
  open.push(() => served.close());
  return served;
};

const start = (over: Partial<StartMessage> = {}): StartMessage => ({
  op: "start",
  id: 1,
  run: "a-run",
  part: null,
  share: { index: 0, of: 1 },
  plan: {},
  tally: null,
  ...over,
});
const opening = (session: number, server = "a") =>
  ({ op: "open", id: session, session, server, user: session, at: performance.now(), late: null }) as const;
const heldOf = async (bridge: Bridge, messages: readonly ReturnType<typeof opening>[]): Promise<boolean[]> => {
  const held: boolean[] = [];
  for (const message of messages) held.push(isHeld(await bridge.operations.open(message)));
  return held;
};

describe("Bridge", () => {
  test("two servers that are processes have limits of their own", async () => {
    const child = { transport: "stdio", stdio: { command: "/absent", args: [], env: {}, cwd: "/" } } as const;
    const { bridge } = bridgeTo({
      a: { url: "stdio:a", ...child, allow: { users: 0, callsPerSecond: 1_000 } },
      b: { url: "stdio:b", ...child },
    });
    expect(await heldOf(bridge, [opening(1, "a"), opening(2, "b")])).toEqual([true, false]);
  });

  test("a stop that is under way keeps its reason and its tally when an end comes meanwhile", async () => {
    const slowDelete = faultyAt(
      "DELETE",
      (_request, socket) => {
        setTimeout(() => socket.write(http(200, {})), 200);
        return null;
      },
      { "mcp-session-id": "s-1" },
    );
    const { bridge } = bridgeTo({ a: { url: (await serving(slowDelete)).url } });
    const dir = await bridge.start(start());
    await bridge.operations.open(opening(1));
    const stopping = bridge.stop("run time", { "a:initialize": { ok: 1 }, "a:tools/call:x": { bridge: 5 } });
    await bridge.end("SIGTERM");
    expect(await stopping).toBe(dir);
    const run = JSON.parse(readFileSync(join(dir, "run.json"), "utf8"));
    expect(run).toMatchObject({
      state: "complete",
      endReason: "run time",
      sessions: { leftOpen: 1 },
      hidden: { "a:session/delete": 1 },
      reconciled: { "a:tools/call:x": { bridge: 5 } },
    });
  });

  test("an end does not wait for a server that hangs, and the record is complete", async () => {
    const hanging = faultyAt("DELETE", () => null, { "mcp-session-id": "s-1" });
    const limits = { ...serverSettings().limits, closeMs: 60_000 };
    const { bridge } = bridgeTo({ a: { url: (await serving(hanging)).url, limits } });
    const dir = await bridge.start(start());
    await bridge.operations.open(opening(1));
    const closing = bridge.operations.close({ op: "close", id: 2, session: 1, at: performance.now(), late: null });
    await bridge.end("Locust is gone", 50);
    expect(JSON.parse(readFileSync(join(dir, "run.json"), "utf8"))).toMatchObject({
      state: "complete",
      endReason: "Locust is gone",
      operations: { "a:session/delete": { count: 1, outcomes: { cancelled: { count: 1 } } } },
    });
    await closing;
  });

  test("entries with one target share its limits", async () => {
    const { url } = await serving(faultyAt("x", () => null));
    const allow = { users: 1, callsPerSecond: 1000 };
    const { bridge } = bridgeTo({ a: { url, allow }, b: { url: `${url}?again`, allow } });
    await bridge.start(start());
    expect(await heldOf(bridge, [opening(1, "a"), opening(2, "b")])).toEqual([false, true]);
  });

  test("a bridge among several holds to its share, also when the share changes", async () => {
    const { url } = await serving(faultyAt("x", () => null));
    const { bridge } = bridgeTo({ a: { url, allow: { users: 2, callsPerSecond: 1000 } } });
    await bridge.start(start({ share: { index: 0, of: 2 } }));
    expect(await heldOf(bridge, [opening(1), opening(2)])).toEqual([false, true]);
    bridge.divide({ index: 0, of: 1 });
    expect(await heldOf(bridge, [opening(3)])).toEqual([false]);
  });

  const guarded = (answer: (authorization: string) => boolean): Promise<RawServer> =>
    faultyAt("tools/call", ({ headers, rpc }) =>
      answer(headers.authorization ?? "") ? json(textResult(rpc.id)) : http(401, {}),
    );
  const calling = (session: number) => ({
    ...({ op: "call", id: 100 + session, session, method: "tools/call", params: { name: "x" } } as const),
    ...{ at: performance.now(), late: null, as: null, timeoutMs: null, body: false },
  });

  test("a token that is rotated costs no call, is repeated, and its cost stands apart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bridge-test-"));
    open.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "token");
    writeFileSync(file, "first-token");
    const { url } = await serving(guarded((said) => said === `Bearer ${readFileSync(file, "utf8")}`));
    const auth = { strategy: "bearer", file, optional: false };
    const { bridge } = bridgeTo({ a: { url, auth } });
    const facts: AuthFact[] = [];
    bridge.onAuth = (fact) => facts.push(fact);
    const dir = await bridge.start(start());
    await bridge.operations.open(opening(1));
    expect(await bridge.operations.call(calling(1))).toMatchObject({ failure: null, isRepeated: false });
    writeFileSync(file, "second-token");
    expect(await bridge.operations.call(calling(1))).toMatchObject({ failure: null, isRepeated: true });
    await bridge.stop("run time", null);
    const { operations, auth: apart } = JSON.parse(readFileSync(join(dir, "run.json"), "utf8"));
    expect(operations["a:tools/call:x"]).toMatchObject({ count: 2, outcomes: { ok: { count: 2 } } });
    expect(Object.keys(operations).filter((name) => name.includes("auth"))).toEqual([]);
    expect(apart).toMatchObject({
      "a:auth/token": { count: 2 },
      "a:auth/401": { count: 1, outcomes: { ok: { count: 1 } } },
    });
    expect(facts.map(({ name, ok }) => `${name} ${ok}`)).toEqual([
      "a:auth/token true",
      "a:auth/token true",
      "a:auth/401 true",
    ]);
    expect(JSON.stringify(facts)).not.toContain("-token");
  });

  test.each([
    ["hunter", 1],
    ["second-token", 1],
    ["S3cond-t0ken-7f3a", 0],
  ])("a credential like %j is said to be an ordinary word %i times, however often it is had", async (token, times) => {
    const { url } = await serving(guarded(() => true));
    const auth = { strategy: "bearer", env: "TOKEN", optional: false };
    const { bridge, notes } = bridgeTo({ a: { url, auth } }, { TOKEN: token });
    await bridge.start(start());
    await bridge.operations.open(opening(1));
    expect(notes.filter((note) => note.startsWith("a: its credential is short or an ordinary word"))).toHaveLength(
      times,
    );
    expect(notes.join()).not.toContain(token);
  });

  test("a token that never came is in the record of the run that waited for it", async () => {
    const { url } = await serving(faultyAt("x", () => null));
    const folder = mkdtempSync(join(tmpdir(), "bridge-test-"));
    open.push(() => rmSync(folder, { recursive: true }));
    const program = `require("fs").writeFileSync(${JSON.stringify(join(folder, "asked"))}, ""); setTimeout(() => {}, 60000)`;
    const run = [process.execPath, "-e", program] as const;
    const auth = { strategy: "command", run, format: "auto", timeout: 30_000, env: [] };
    const { bridge } = bridgeTo({ a: { url, auth } });
    const dir = await bridge.start(start());
    const opened = bridge.operations.open(opening(1));
    await expect.poll(() => existsSync(join(folder, "asked")), { timeout: 10_000 }).toBe(true);
    await bridge.stop("run time", null);
    await opened;
    const apartOf = (folder: string) => JSON.parse(readFileSync(join(folder, "run.json"), "utf8")).auth;
    expect(apartOf(dir)).toMatchObject({ "a:auth/token": { count: 1, outcomes: { cancelled: { count: 1 } } } });
  });

  test("identities are dealt out by the share of the start, and stay when the share changes in the run", async () => {
    const said: string[] = [];
    const { url } = await serving(guarded((authorization) => said.push(authorization) > 0));
    const auth = { strategy: "bearer", optional: false, identities: { env: ["A", "B", "C"] } };
    const { bridge } = bridgeTo({ a: { url, auth } }, { A: "token-a", B: "token-b", C: "token-c" });
    const callAs = async (user: number): Promise<void> => {
      await bridge.operations.open({ ...opening(user), user });
      await bridge.operations.call(calling(user));
    };
    await bridge.start(start({ share: { index: 1, of: 2 } }));
    await callAs(0);
    bridge.divide({ index: 0, of: 3 });
    await callAs(0);
    await bridge.start(start({ run: "another-run", share: { index: 2, of: 3 } }));
    await callAs(0);
    expect(said).toEqual(["Bearer token-b", "Bearer token-b", "Bearer token-c"]);
  });
});

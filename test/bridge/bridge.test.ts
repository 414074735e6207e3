import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Bridge, type StartMessage } from "../../bridge/bridge.ts";
import { isHeld } from "../../bridge/link/end-line.ts";
import { Redactor } from "../../bridge/redactor.ts";
import type { ServerSettings } from "../../config/settings.ts";
import { serverSettings } from "../server-settings.ts";
import { faultyAt, http, type RawServer } from "./raw-server.ts";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const bridgeTo = (entries: Readonly<Record<string, Partial<ServerSettings>>>): { bridge: Bridge; results: string } => {
  const results = mkdtempSync(join(tmpdir(), "bridge-test-"));
  const servers = Object.fromEntries(
    Object.entries(entries).map(([name, over]) => [name, serverSettings({ name, protocol: "2025-11-25", ...over })]),
  );
  const bridge = new Bridge({
    settings: { source: "test", isAimed: false, envFiles: [], folder: "/", servers, carriedSecrets: [] },
    redactor: new Redactor(),
    environment: () => undefined,
    resultsRoot: results,
    versions: {},
    note: () => undefined,
  });
  open.push(
    () => rmSync(results, { recursive: true }),
    () => bridge.end("test is over", 100),
  );
  return { bridge, results };
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
});

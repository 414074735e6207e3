import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Bridge } from "../../bridge/bridge.ts";
import { isHeld } from "../../bridge/link/end-line.ts";
import type { CallMessage } from "../../bridge/link/messages.ts";
import { Redactor } from "../../bridge/redactor.ts";
import type { ServerSettings } from "../../config/settings.ts";
import { startFaultServer } from "../../demo/faults/fault-server.ts";
import { FAULT_SERVERS, type FaultName } from "../../demo/faults/faults.ts";
import { diagnose } from "../../diagnosis/diagnose.ts";
import { readRun } from "../../record/read-run.ts";
import { summarize } from "../../record/summary.ts";
import { serverSettings } from "../server-settings.ts";
import { type Answer, EVENTS_HEAD, event, faultyAt, http, json, textResult } from "./raw-server.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const SESSIONS = 8;

let nextId = 1;
const on = (session: number) => ({ id: nextId++, session, at: performance.now(), late: null });
const search = (session: number, body: CallMessage["body"] = true): CallMessage => ({
  op: "call",
  ...on(session),
  method: "tools/call",
  params: { name: "search", arguments: { query: "the same words" } },
  as: null,
  timeoutMs: null,
  body,
});

const bridgeOf = (over: Partial<ServerSettings>): Bridge => {
  const resultsRoot = mkdtempSync(join(tmpdir(), "marks-"));
  closing.push(() => rmSync(resultsRoot, { recursive: true }));
  const servers = { learn: serverSettings(over) };
  const autoStop = "disable" as const;
  const bridge = new Bridge({
    settings: {
      source: "test",
      isAimed: false,
      envFiles: [],
      folder: resultsRoot,
      servers,
      autoStop,
      carriedSecrets: [],
    },
    environment: () => undefined,
    resultsRoot,
    versions: {},
    note: () => undefined,
    redactor: new Redactor(),
  });
  closing.push(() => bridge.end("test"));
  return bridge;
};

/** Sessions that all ask at once, some times over. */
const run = async (fault: FaultName, over: Partial<ServerSettings>, body?: CallMessage["body"]) => {
  const server = await startFaultServer(FAULT_SERVERS[fault]());
  closing.push(() => server.close());
  const bridge = bridgeOf({ url: server.url, ...over });
  const dir = await bridge.start({
    ...({ op: "start", id: 1, run: "r", part: null, share: { index: 0, of: 1 }, plan: {}, tally: null } as const),
  });
  const sessions = Array.from({ length: SESSIONS }, (_, index) => index + 1);
  for (const session of sessions) {
    expect(isHeld(await bridge.operations.open({ op: "open", ...on(session), server: "learn", user: session }))).toBe(
      false,
    );
  }
  const ends = [];
  for (let round = 0; round < 3; round++) {
    ends.push(...(await Promise.all(sessions.map((session) => bridge.operations.call(search(session, body))))));
  }
  await bridge.stop("run time", null);
  return { ends, dir, record: readRun(dir) };
};

test("a server that mixes sessions is caught: a leak with both sessions, none of the data, and its name", async () => {
  const { ends, dir, record } = await run("mixing", { canary: "query" });
  const leaks = ends.filter(({ failure }) => failure?.reason === "leak");
  expect(leaks.length).toBeGreaterThan(SESSIONS);
  for (const { failure, result } of leaks) {
    expect(failure?.detail).toMatch(/^session \d got what session \d had sent$/);
    expect(result).toBeUndefined();
  }
  expect(record.file.facts.isolation?.learn).toMatchObject({ answers: 24, marked: 24, leaked: leaks.length });
  expect(diagnose(record).map(({ fault }) => fault)).toEqual(["sessions-mixed"]);
  expect(summarize(record, { columns: 140 })).toMatch(/isolation: 24 of 24 calls marked.*another session's/);
  expect(readFileSync(join(dir, "failures.json"), "utf8")).not.toContain("sbmark");
});

test("a leak is found as well where nobody wants the results", async () => {
  const { ends } = await run("mixing", { canary: "query" }, false);
  expect(ends.some(({ failure }) => failure?.reason === "leak")).toBe(true);
  expect(ends.every(({ result }) => result === undefined)).toBe(true);
});

const FOREIGN = `sbmark${"0".repeat(22)}`;
const LONG = "x".repeat(9_000);
const refusal = (id: unknown, error: object) => json({ jsonrpc: "2.0", id, error: { code: -32_000, ...error } });

test.each<readonly [string, Answer]>([
  ["behind a long message", ({ rpc }) => refusal(rpc.id, { message: LONG + FOREIGN })],
  ["in an error's data", ({ rpc }) => refusal(rpc.id, { message: "no", data: { rows: [FOREIGN] } })],
  ["in a long page of HTTP 500", () => http(500, { "content-type": "text/html" }, LONG + FOREIGN)],
  [
    "in what its stream says beside the answer",
    ({ rpc }, socket) => {
      const params = { level: "info", data: FOREIGN };
      socket.end(
        EVENTS_HEAD + event({ jsonrpc: "2.0", method: "notifications/message", params }) + event(textResult(rpc.id)),
      );
      return null;
    },
  ],
])("a leak is found %s", async (_where, answer) => {
  const server = await faultyAt("tools/call", answer);
  closing.push(() => server.close());
  const bridge = bridgeOf({ url: server.url, canary: true });
  await bridge.operations.open({ op: "open", ...on(1), server: "learn", user: 1 });
  const { failure } = await bridge.operations.call(search(1));
  expect(failure?.reason).toBe("leak");
});

test("a healthy server gives each call its own mark back", async () => {
  const { ends, record } = await run("healthy", { canary: "query" });
  expect(ends.every(({ failure }) => failure === null)).toBe(true);
  expect(record.file.facts.isolation?.learn).toMatchObject({
    answers: 24,
    marked: 24,
    echoed: 24,
    leaked: 0,
    swapped: 0,
  });
  expect(diagnose(record)).toEqual([]);
});

test("without a canary nothing is marked and nothing said", async () => {
  const { ends, record } = await run("mixing", {});
  expect(ends[0]?.result).toContain("the same words");
  expect(ends[0]?.result).not.toContain("sbmark");
  expect(record.file.facts.isolation).toBeUndefined();
  expect(summarize(record)).not.toContain("isolation:");
});

test("a canary that nothing echoes is said to tell nothing", async () => {
  const { record } = await run("healthy", { canary: "no such argument" });
  expect(summarize(record, { columns: 140 })).toContain("nothing can be said");
});

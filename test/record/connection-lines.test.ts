import { expect, test } from "vitest";
import { connectionLines } from "../../record/connection-lines.ts";
import type { ConnectionsEvent } from "../../record/facts/connections.ts";
import { pageOf } from "../../record/page.ts";
import { Recording } from "../../record/recording.ts";
import type { RunFile } from "../../record/run-file.ts";

const USUAL = { transport: "streamable-http", connections: { pool: "shared", http2: false, proxy: null } };

const told = (settings: object, event: Partial<ConnectionsEvent> | null): string => {
  const recording = new Recording();
  if (event !== null) {
    const nothing = { server: "learn", atMs: 1, requests: 0, opened: {}, closedByServer: 0, closedByUs: 0 };
    recording.facts.hear({ kind: "connections", event: { ...nothing, failed: {}, open: 0, streams: 0, ...event } });
  }
  const file = { servers: { learn: settings }, ...recording.toRunFile() } as unknown as RunFile;
  return connectionLines("learn", file, pageOf({ columns: 140 })).join("\n");
};

test("the usual connections, all of which were made, are nobody's business", () => {
  expect(told(USUAL, { requests: 9, opened: { "http/1.1": 2 }, open: 2, closedByServer: 1 })).toBe("");
  expect(told({}, null)).toBe("");
});

test("connections that could not be made are told by their codes", () => {
  expect(
    told(USUAL, { requests: 9, opened: { "http/1.1": 2 }, open: 2, failed: { ECONNREFUSED: 4, "proxy 407": 1 } }),
  ).toBe(
    "  connections: 2 http/1.1 opened, peak 2, used again 2 times, 4 not made (ECONNREFUSED), 1 not made (proxy 407)",
  );
});

test.each([
  ["pools of their own", { ...USUAL, connections: { pool: "user" } }],
  ["HTTP/2", { ...USUAL, connections: { http2: true } }],
  ["a proxy", { ...USUAL, connections: { proxy: "http://p:1" } }],
  ["streams held open", { ...USUAL, getStream: true }],
])("of %s it is told what they did", (_what, settings) => {
  const event = { requests: 2_050, opened: { h2: 38, "http/1.1": 2 }, open: 40, streams: 30, closedByServer: 3 };
  expect(told(settings, event)).toBe(
    "  connections: 2 http/1.1 and 38 h2 opened, peak 40, used again 2,010 times, up to 30 streams held open, 3 closed by the server",
  );
});

test("an older transport says that its times are coarser", () => {
  expect(told({ transport: "stdio" }, { requests: 12, opened: { stdio: 2 }, open: 2 })).toBe(
    "  over stdio: its times are coarser than those of streamable-http\n  connections: 2 stdio opened, peak 2, used again 10 times",
  );
});

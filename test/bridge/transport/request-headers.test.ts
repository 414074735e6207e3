import { describe, expect, test } from "vitest";
import {
  claimedRevision,
  headerValue,
  isSessionId,
  serverHeaders,
  statelessHeaders,
} from "../../../bridge/transport/request-headers.ts";
import { serverSettings } from "../../server-settings.ts";

describe("a value in a header", () => {
  test.each([
    ["plain", "plain"],
    ["us west 1", "us west 1"],
    [" padded ", "=?base64?IHBhZGRlZCA=?="],
    ["世界", "=?base64?5LiW55WM?="],
    ["a\nb", "=?base64?YQpi?="],
    ["", "=?base64??="],
    ["=?base64?YQ==?=", "=?base64?PT9iYXNlNjQ/WVE9PT89?="],
  ])("%j goes as %j", (text, header) => {
    expect(headerValue(text)).toBe(header);
  });
});

test("a stateless request names its method, and what it is about where there is such a thing", () => {
  const of = (method: string, params: unknown) => statelessHeaders(method, params, "2026-07-28").slice(2);
  expect(of("tools/call", { name: "echo" })).toEqual(["mcp-method", "tools/call", "mcp-name", "echo"]);
  expect(of("resources/read", { uri: "a://b" })).toEqual(["mcp-method", "resources/read", "mcp-name", "a://b"]);
  expect(of("tools/list", {})).toEqual(["mcp-method", "tools/list"]);
  expect(of("constructor", { name: "x" })).toEqual(["mcp-method", "constructor"]);
});

test("the revision is the one that the message itself claims", () => {
  const params = { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } };
  expect(claimedRevision({ jsonrpc: "2.0", id: 1, method: "ping", params })).toBe("2026-07-28");
  expect(claimedRevision({ jsonrpc: "2.0", id: 1, method: "ping" })).toBeNull();
  expect(claimedRevision({ jsonrpc: "2.0", id: 1, result: {} })).toBeNull();
});

test("configured headers are sent, but for those that the transport owns", () => {
  const headers = serverHeaders(
    serverSettings({
      headers: { "X-Team": "load", "User-Agent": "agent/1", "Mcp-Session-Id": "x", Authorization: "y" },
    }),
  );
  expect(headers).toEqual(["user-agent", "agent/1", "accept-encoding", "identity", "x-team", "load"]);
});

test.each([
  ["abc-123", true],
  ["!~", true],
  ["", false],
  ["a b", false],
  ["é", false],
  ["x".repeat(1_025), false],
])("a session id %j is fine: %j", (id, isFine) => {
  expect(isSessionId(id)).toBe(isFine);
});

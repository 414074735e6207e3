import { expect, test } from "vitest";
import { importHistory } from "../../../capacity/probe/import-history.ts";
import { reasonOf } from "../../../capacity/probe/import-reason.ts";

test.each([
  ["Request timed out after 30s", "timeout"],
  ["ETIMEDOUT", "timeout"],
  ["connect ECONNREFUSED 10.0.0.1:443", "connect"],
  ["getaddrinfo ENOTFOUND mcp.example", "connect"],
  ["socket hang up", "disconnected"],
  ["certificate has expired", "tls"],
  ["HTTP 503 Service Unavailable", "http-503"],
  ["status code: 418", "http-4xx"],
  ["502", "http-5xx"],
  ["Too Many Requests", "http-429"],
  ["session-lost", "session-lost"],
  ["tool-may-write", "tool-may-write"],
  ["it rained", "failed"],
  ["ok", "failed"],
  ["", "failed"],
])("%j is %s", (said, reason) => {
  expect(reasonOf(said)).toBe(reason);
});

test("where the text has no word that is known, the result is asked", () => {
  expect(reasonOf("it rained", "timeout")).toBe("timeout");
  expect(reasonOf(undefined, 503)).toBe("http-503");
});

test("another program's text is not kept, whatever stands in it", () => {
  const secret = "sk-live-4f9a8b7c6d5e";
  const text = `time,ms,ok,error\n2026-03-01T10:01:00Z,,down,GET https://a.example/?key=${secret} timed out\n2026-03-01T10:02:00Z,,down,${secret}\n`;
  const imported = importHistory(text);
  expect(imported).toMatchObject({ probes: [{ reason: "timeout" }, { reason: "failed" }] });
  expect(JSON.stringify(imported)).not.toContain(secret);
});

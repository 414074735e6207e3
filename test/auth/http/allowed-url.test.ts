import { expect, test } from "vitest";
import { AuthError } from "../../../auth/auth-error.ts";
import { allowedUrl } from "../../../auth/http/allowed-url.ts";
import type { Trust } from "../../../auth/http/http-question.ts";

const PUBLIC = "https://mcp.example.com/mcp";
const PRIVATE = "https://10.1.2.3/mcp";
const HERE = "https://127.0.0.1:9000/mcp";
const HERE_PLAIN = "http://127.0.0.1:9000/mcp";

const refusal = (url: string, trust: Trust, serverUrl: string): string | null => {
  try {
    allowedUrl({ url, trust, server: { url: serverUrl, tls: {} } });
    return null;
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    expect(error.code).toBe("AUTH_UNTRUSTED");
    return error.sentence;
  }
};

test.each([
  "https://169.254.169.254/latest/meta-data",
  "https://[::ffff:169.254.169.254]/",
  "https://[fe80::1]/",
  "https://2852039166/", // 169.254.169.254
  "https://0xa9fea9fe/",
  "https://0251.0376.0251.0376/",
  "https://169.254.43518/",
  "https://169.254.169.254./",
  "https://100.100.100.200/",
  "https://[fd00:ec2::254]/",
])("a server's word leads to %s from nowhere", (url) => {
  for (const server of [PUBLIC, PRIVATE, HERE])
    expect(refusal(url, "claimed", server)).toContain("link-local or reserved");
});

test.each([
  "https://127.0.0.1/",
  "https://2130706433/",
  "https://0x7f.1/",
  "https://017700000001/",
  "https://[::1]/",
  "https://[::ffff:127.0.0.1]/",
  "https://localhost/",
  "https://LOCALHOST./",
  "https://a.localhost/",
  "https://0/",
])("a server's word leads to %s only when the server is on this machine", (url) => {
  expect(refusal(url, "claimed", PUBLIC)).toContain("this machine");
  expect(refusal(url, "claimed", PRIVATE)).toContain("this machine");
  expect(refusal(url, "claimed", HERE)).toBeNull();
});

test.each(["https://10.9.9.9/", "https://192.168.1/", "https://idp/", "https://idp.internal/", "https://[fd12::1]/"])(
  "a server's word leads to %s only when the server is not in public",
  (url) => {
    expect(refusal(url, "claimed", PUBLIC)).toContain("private network");
    expect(refusal(url, "claimed", PRIVATE)).toBeNull();
    expect(refusal(url, "claimed", HERE)).toBeNull();
  },
);

test("a server's word leads to plain http only on this machine, from a server that is plain http there too", () => {
  expect(refusal("http://idp.example.com/", "claimed", PUBLIC)).toContain("is plain http");
  expect(refusal("http://127.0.0.1:1/", "claimed", HERE)).toContain("is plain http");
  expect(refusal("http://10.0.0.1/", "claimed", HERE_PLAIN)).toContain("is plain http");
  expect(refusal("http://127.0.0.1:1/", "claimed", HERE_PLAIN)).toBeNull();
});

test("the user's word leads anywhere, over plain http on this machine only", () => {
  for (const url of ["https://10.0.0.1/", "https://169.254.1.1/", "https://localhost/", "http://127.0.0.1:8080/t"]) {
    expect(refusal(url, "given", PUBLIC)).toBeNull();
  }
  expect(refusal("http://idp.example.com/token", "given", PUBLIC)).toContain("plain http");
});

test("the MCP server's own origin is where the requests go anyway", () => {
  expect(refusal("http://mcp:3000/.well-known/x", "claimed", "http://mcp:3000/mcp")).toBeNull();
  expect(refusal("http://mcp:3001/.well-known/x", "claimed", "http://mcp:3000/mcp")).toContain("plain http");
});

test.each([
  "https://user:pass@idp.example.com/",
  "https://idp.example.com/#x",
  "file:///etc/passwd",
  "data:,x",
  "no url",
])("%s is refused whoever said it", (url) => {
  for (const trust of ["given", "claimed"] as const) {
    const sentence = refusal(url, trust, PUBLIC);
    expect(sentence).not.toBeNull();
    expect(sentence).not.toContain("pass@");
  }
});

test("a URL of any length is refused without being shown, and a query is never shown", () => {
  expect(refusal(`https://idp.example.com/${"x".repeat(5000)}`, "claimed", PUBLIC)?.length).toBeLessThan(200);
  expect(refusal("https://localhost/a?token=canary", "claimed", PUBLIC)).not.toContain("canary");
});

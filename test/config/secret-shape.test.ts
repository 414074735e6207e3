import { expect, test } from "vitest";
import { isSecretName, looksLikeToken } from "../../config/secret-shape.ts";

test.each([
  "Authorization",
  "Proxy-Authorization",
  "cookie",
  "X-Api-Key",
  "x-apikey",
  "X-Auth-Token",
  "CONTEXT7_API_KEY",
  "key",
  "sig",
  "code",
  "client_secret",
  "Ocp-Apim-Subscription-Key",
  "PAT",
  "ado_pat_1",
  "MYPW",
  "DB_PASS",
  "db-pwd",
])("%s is the name of a secret", (name) => expect(isSecretName(name)).toBe(true));

test.each([
  "X-MCP-Toolsets",
  "user-agent",
  "x-team",
  "keyboard",
  "encoding",
  "team",
  "PATH",
  "BYPASS",
  "COMPASS",
  "pattern",
  "author",
  "TOKENIZER",
])("%s is not", (name) => {
  expect(isSecretName(name)).toBe(false);
});

test.each([
  "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
  "github_pat_11ABCDEFG0abcdefghij",
  "ctx7sk-12345678-abcd",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x",
  "Bearer abcdef",
  "Basic dXNlcjpwYXNz",
  "0123456789abcdef0123456789abcdef",
  "https://h/mcp?x=AKIAIOSFODNN7EXAMPLE",
])("%s looks like a token", (text) => expect(looksLikeToken(text)).toBe(true));

test.each([
  "https://learn.microsoft.com/api/mcp",
  "repos,issues,pull_requests",
  "AZURE_DEVOPS_MCP_TOKEN",
  "a-rather-long-name-of-a-host-in-some-network-2.example.com",
  "certs/production/ca-certificate-2026.pem",
  "bearer",
  "/etc/swarmbridge/v2/certificates/production/ca",
])("%s does not", (text) => expect(looksLikeToken(text)).toBe(false));

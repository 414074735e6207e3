// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation under test
import { expect, test } from "vitest";
import { writtenSecret } from "../../config/written-secret.ts";

const KEY = "0123456789abcdef0123456789abcdef";

test.each([
  ["headers.x-api-key", "abc"],
  ["headers.Authorization", "Bearer abc${A}"],
  ["headers.Authorization", "${A:-abc}"],
  ["headers.x-team", `team ${KEY}`],
  ["url", `https://h/mcp/${KEY}`],
  ["url", "https://h/mcp?token=abc"],
  ["url", "https://h/mcp?a=1&code=${C:-abc}"],
  ["auth.env", KEY],
  ["auth.clientSecret", "abc"],
  ["auth.clientSecret", "${A:-abc}"],
  ["auth.token", "${A}"],
  ["auth.privateKey", "abc"],
  ["auth.run.1", "--password=abc"],
  ["auth.run.2", "Authorization: Bearer abcdefg"],
  ["auth.run.1", KEY],
  ["tls.key", `${KEY}`],
])("%s: %s is a secret in plain sight", (key, text) => {
  const fault = writtenSecret(["servers", "a", ...key.split(".")], text);
  expect(fault).toContain("secret in ");
  expect(fault).not.toContain("abc");
});

test.each([
  ["headers.x-api-key", "${A}"],
  ["headers.Authorization", "Bearer ${A}"],
  ["headers.Authorization", "Basic ${A:-}"],
  ["headers.X-MCP-Toolsets", "repos,issues"],
  ["url", "https://h/mcp?token=${A}&team=red"],
  ["url", `https://${KEY}.lambda-url.eu-west-1.on.aws/mcp`],
  ["auth.env", "GITHUB_MCP_TOKEN"],
  ["auth.secret", "mcp-token"],
  ["auth.clientSecret.env", "CLIENT_SECRET"],
  ["auth.scope", "profile token:read"],
  ["auth.run.1", "--scope=${AZURE_ORG}"],
  ["auth.file", "/var/run/secrets/kubernetes.io/serviceaccount/token"],
  ["tls.key", "certs/production-2026/client-certificates/key.pem"],
])("%s: %s is none", (key, text) => {
  expect(writtenSecret(["servers", "a", ...key.split(".")], text)).toBeNull();
});

test("a secret's variable in the arguments of a program is refused: the process list would show it", () => {
  const fault = writtenSecret(["servers", "a", "auth", "run", 1], "--key=x${MY_TOKEN}");
  expect(fault).toContain("arguments of a program");
});

test("the version of a secret in Key Vault is none, and everything else beside it is looked at", () => {
  const address = `https://my-vault.vault.azure.net/secrets/github-mcp/${KEY}`;
  expect(writtenSecret(["azure", "secrets", "GITHUB_MCP_TOKEN"], address)).toBeNull();
  expect(writtenSecret(["azure", "certificates", "client"], address.replace("secrets", "certificates"))).toBeNull();
  expect(writtenSecret(["azure", "secrets", "GITHUB_MCP_TOKEN"], KEY)).toContain("looks like a secret");
  expect(writtenSecret(["azure", "secrets", "GITHUB_MCP_TOKEN"], `${address}/${KEY}`)).toContain("looks like a secret");
  expect(writtenSecret(["azure", "env", "ADDRESS"], address)).toContain("looks like a secret");
});

test("a commit and a description's words are none", () => {
  const commit = `${KEY}01234567`;
  expect(writtenSecret(["azure", "env", "GIT_COMMIT"], commit)).toBeNull();
  expect(writtenSecret(["azure", "env", "GIT_BRANCH"], commit)).toContain("looks like a secret");
  expect(writtenSecret(["azure", "env", "GIT_COMMIT"], `${commit}0`)).toContain("looks like a secret");
  expect(writtenSecret(["azure", "displayName"], "Basic smoke test")).toBeNull();
  expect(writtenSecret(["azure", "displayName"], "Basic dXNlcjpwYXNz")).toContain("looks like a secret");
});

test("a requirement is looked at where it is read: hashes and commits are usual in it", () => {
  expect(writtenSecret(["azure", "requirements", 0], `six==1.16.0 --hash=sha256:${KEY}${KEY}`)).toBeNull();
});

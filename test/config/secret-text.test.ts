// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of pip and of loadtest.yaml

import { expect, test } from "vitest";
import { secretIn } from "../../config/secret-text.ts";

test.each([
  "postgres://user:swordfish@host/db",
  "postgres://user:sword/fish@host/db",
  "foo @ git+https://swordfish@example.com/a.git",
  "https://x.blob.core.windows.net/c?sv=2022&sig=abc%2Bdef%3D",
  "https://example.com/?%73ig=abc",
  "https://example.com/#access_token=abc",
  "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=Abc+/def==",
  "Endpoint=sb://x/;SharedAccessKey=abcdef",
  "Server=db;User=me;Password=swordfish",
  "Server=db;Pwd = swordfish;",
  "--password=swordfish",
  `ghp_${"a1".repeat(18)}`,
  `-----BEGIN RSA PRIVATE KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0B"}`,
  `-----BEGIN RSA PRIVATE KEY-----\\nProc-Type: 4,ENCRYPTED\\n\\n${"MIIEvQIBADANBgkqhkiG9w0B"}`,
])("%j holds a secret, and what is said does not quote it", (text) => {
  expect(secretIn(text)).toMatch(/^[a-z][a-z ,=]+$/);
});

test.each([
  "https://example.com:8443/@scope/package",
  "git+ssh://git@example.com/a.git",
  "--extra-index-url https://${PIP_USER}:${PIP_PASSWORD}@pypi.example.com/simple",
  "https://example.com/mcp?team=a&key=",
  "Server=db;Password=",
  "faker==30.0.0",
  "Rotate the token: see the wiki",
  "mail me@example.com",
  "it begins with -----BEGIN RSA PRIVATE KEY-----, and then comes the key",
  "https://github.com/o/r/commits?author=somebody",
  "",
])("%j holds none", (text) => {
  expect(secretIn(text)).toBeNull();
});

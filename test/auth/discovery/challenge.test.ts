import fc from "fast-check";
import { expect, test } from "vitest";
import { insufficientScope, parseChallenge, scopesIn } from "../../../auth/discovery/challenge.ts";

const NOTHING = { error: null, scope: null, resourceMetadata: [] };

test.each([
  [null, null],
  ["", null],
  [" , ,", null],
  ["Bearer", { scheme: "bearer", ...NOTHING }],
  ["BEARER", { scheme: "bearer", ...NOTHING }],
  [
    'Bearer error="invalid_token", resource_metadata="https://mcp.test/.well-known/x"',
    { scheme: "bearer", error: "invalid_token", scope: null, resourceMetadata: ["https://mcp.test/.well-known/x"] },
  ],
  ["Bearer realm=mcp,scope=read", { scheme: "bearer", ...NOTHING, scope: "read" }],
  [
    'bearer  SCOPE = "a  b a" , error = insufficient_scope',
    { scheme: "bearer", ...NOTHING, error: "insufficient_scope", scope: "a b" },
  ],
  // A quoted comma, a quoted quote, a quoted name: they are text.
  ['Bearer realm="a, Basic x=\\"y\\", error=z", scope="s"', { scheme: "bearer", ...NOTHING, scope: "s" }],
  // Several challenges in one header, and several headers joined.
  ['Basic realm="x", Bearer scope="s"', { scheme: "bearer", ...NOTHING, scope: "s" }],
  ['Negotiate YWJj==, Bearer scope="s", Digest qop="auth"', { scheme: "bearer", ...NOTHING, scope: "s" }],
  ["Negotiate, NTLM", { scheme: "negotiate", ...NOTHING }],
  ['DPoP algs="ES256"', { scheme: "dpop", ...NOTHING }],
  // Servers that forget the comma are understood all the same.
  ['Bearer realm="x" scope="s"', { scheme: "bearer", ...NOTHING, scope: "s" }],
  [
    'Bearer resource_metadata="https://a/", resource_metadata="https://b/"',
    { scheme: "bearer", ...NOTHING, resourceMetadata: ["https://a/", "https://b/"] },
  ],
  [
    'Bearer resource_metadata="https://a/", Bearer resource_metadata="https://b/"',
    { scheme: "bearer", ...NOTHING, resourceMetadata: ["https://a/", "https://b/"] },
  ],
  // What breaks the grammar ends the reading.
  ['Bearer scope="never closed', { scheme: "bearer", ...NOTHING }],
  ["<html>401</html>", null],
  ['Bearer error="\u0007"', { scheme: "bearer", ...NOTHING }],
] as const)("%j is read as %j", (header, expected) => {
  expect(parseChallenge(header)).toEqual(expected);
});

test("insufficient_scope is told from every other refusal, with the scopes or without", () => {
  expect(insufficientScope('Bearer error="insufficient_scope", scope="files:read files:write"')).toEqual({
    scope: "files:read files:write",
  });
  expect(insufficientScope("Bearer error=insufficient_scope")).toEqual({ scope: null });
  expect(insufficientScope('Bearer error="invalid_token", scope="x"')).toBeNull();
  expect(insufficientScope(null)).toBeNull();
});

test("a list of scopes gives each once, and nothing that is no scope", () => {
  expect(scopesIn('a b  a "c d\\ é https://x/.default')).toEqual(["a", "b", "https://x/.default"]);
});

test("whatever a server says, the reading ends, without an error", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("Bearer", " ", ",", "=", '"', "\\", "scope", "a", "error", "\t"), { maxLength: 60 }),
      (parts) => {
        parseChallenge(parts.join(""));
      },
    ),
  );
});

test("a megabyte of challenge is read as far as any header reaches", () => {
  expect(parseChallenge(`Bearer ${"a=b,".repeat(300_000)}scope="late"`)).toEqual({ scheme: "bearer", ...NOTHING });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { objectIdOf, readClaims } from "../../auth/jwt-claims.ts";
import { madeJwt } from "./made-jwt.ts";

test("a token of Entra for a program", () => {
  const claims = readClaims(
    madeJwt({
      aud: "api://mcp",
      iss: "https://sts.test/t/",
      iat: 1_768_478_400,
      exp: 1_768_482_000,
    }),
  );
  expect(claims).toMatchObject({
    audience: ["api://mcp"],
    issuer: "https://sts.test/t/",
    issuedAtMs: 1_768_478_400_000,
    expiresAtMs: 1_768_482_000_000,
    identity: null,
  });
});

test.each([
  [{ idtyp: "app", scp: "x" }, "app"],
  [{ idtyp: "user", roles: ["r"] }, "user"],
  [{ scp: "user.read mail.read" }, "user"],
  [{ roles: ["Reader"] }, "app"],
  [{ idtyp: "app", xms_mirid: "/subscriptions/x/userAssignedIdentities/y" }, "managed identity"],
  [{}, null],
])("%j stands for %s", (payload, identity) => {
  expect(readClaims(madeJwt(payload))?.identity).toBe(identity);
});

test.each([
  ["scp", { scp: "a b" }],
  ["scope as text", { scope: "a b" }],
  ["scope as list", { scope: ["a", "b"] }],
])("scopes are read from %s", (_name, payload) => {
  expect(readClaims(madeJwt(payload))?.scopes).toEqual(["a", "b"]);
});

test.each(["", "abc", "a.b", "a.b.c", "a.b.c.d", madeJwt(null), madeJwt([1]), madeJwt("text"), "x".repeat(100_000)])(
  "%.20j is no JWT",
  (token) => {
    expect(readClaims(token)).toBeNull();
  },
);

test("claims that are too long, too many, not printable or of the wrong type do no harm", () => {
  const claims = readClaims(
    madeJwt({
      iss: `\u001b[31m${"x".repeat(9999)}`,
      aud: Array(999).fill("a"),
      exp: "soon",
      iat: 1e300,
    }),
  );
  expect(claims?.issuer).toMatch(/^\?\[31mx{295}$/);
  expect(claims?.audience).toHaveLength(20);
  expect(claims).toMatchObject({ expiresAtMs: null, issuedAtMs: null });
});

test("no text makes it throw", () => {
  fc.assert(fc.property(fc.string(), (text) => void readClaims(text)));
  fc.assert(fc.property(fc.json(), (json) => void readClaims(`e30.${Buffer.from(json).toString("base64url")}.x`)));
});

test("whose roles count is said by a GUID alone", () => {
  const oid = "11111111-2222-4333-8444-555555555555";
  expect(objectIdOf(madeJwt({ oid }))).toBe(oid);
  for (const other of [undefined, 7, "' or 1 eq 1", ["x"]]) expect(objectIdOf(madeJwt({ oid: other }))).toBeNull();
  expect(objectIdOf("no token")).toBeNull();
});

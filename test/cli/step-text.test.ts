import { describe, expect, test } from "vitest";
import { failed, fine } from "../../auth/check/step.ts";
import { stepText } from "../../cli/step-text.ts";
import { styleFor } from "../../cli/style.ts";

const CLAIMS = {
  audience: ["api://mcp"],
  issuer: "https://login.microsoftonline.com/contoso/v2.0",
  identity: "app",
  scopes: [],
  roles: ["Mcp.Read"],
  expiresAt: null,
};
const refused = failed("initialize", {
  finding: "TOKEN_REFUSED",
  sentence: "401 invalid_token: the server refuses the token, which is made for api://other",
});

test("on 80 columns the sentences stand beside their titles", () => {
  expect(stepText(refused, "is it a token for this server?", styleFor({ columns: 80 }, {}))).toBe(
    [
      "  ✗ with token     401 invalid_token: the server refuses the token, which is",
      "                   made for api://other",
      "                   → is it a token for this server?",
    ].join("\n"),
  );
});

test("on 40 columns they stand below them", () => {
  expect(stepText(refused, "is it a token for this server?", styleFor({ columns: 40 }, {}))).toBe(
    [
      "  ✗ with token",
      "    401 invalid_token: the server",
      "    refuses the token, which is made for",
      "    api://other",
      "    → is it a token for this server?",
    ].join("\n"),
  );
});

test("of the claims those are shown that the token has", () => {
  const text = stepText(fine("token", "a JWT", CLAIMS), null, styleFor({}, {}));
  expect(text.split("\n").map((line) => line.trim())).toEqual([
    "✓ token          a JWT",
    "audience api://mcp",
    "issuer https://login.microsoftonline.com/contoso/v2.0",
    "identity app",
    "roles Mcp.Read",
  ]);
});

describe("colour", () => {
  const isColoured = (isTTY: boolean, env: NodeJS.ProcessEnv): boolean =>
    stepText(refused, null, styleFor({ isTTY, columns: 80 }, env)).includes("\u001b[31m");

  test.each([
    ["on a terminal", true, {}, true],
    ["not in a pipe", false, {}, false],
    ["not with NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["not on a dumb terminal", true, { TERM: "dumb" }, false],
    ["not in CI", true, { CI: "true" }, false],
  ])("%s", (_where, isTTY, env, expected) => {
    expect(isColoured(isTTY, env)).toBe(expected);
  });
});

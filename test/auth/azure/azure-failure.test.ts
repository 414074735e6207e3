import { describe, expect, test } from "vitest";
import { tokenFailure } from "../../../auth/azure/azure-failure.ts";
import type { Sight } from "../../../auth/azure/sight.ts";

const AUTO = ["environment", "managed-identity", "azure-cli"];
const unavailable = Object.assign(new Error("x"), { name: "CredentialUnavailableError" });

const sight = (over: Partial<Sight>): Sight => ({
  place: "https://login.test/t/oauth2/v2.0/token",
  host: "login.test",
  status: 400,
  failure: null,
  words: [],
  retryAfterMs: null,
  ...over,
});
const imds = (over: Partial<Sight>): Sight =>
  sight({ place: "http://169.254.169.254/metadata/identity/oauth2/token", host: "169.254.169.254", ...over });

describe("nobody has logged in on this machine", () => {
  test.each([
    ["nothing was asked", [], AUTO],
    ["nobody is at the address of IMDS", [imds({ status: null, failure: "EHOSTUNREACH" })], ["managed-identity"]],
    ["a proxy answers in its stead", [imds({ status: 403 })], ["managed-identity"]],
    ["the machine has no identity, and others were tried", [imds({ words: ["invalid_request"] })], AUTO],
  ])("when %s", (_, sights, tried) => {
    expect(tokenFailure(unavailable, sights, tried)).toMatchObject({ code: "AUTH_NO_LOGIN" });
  });

  test("and the sentence says what was tried, what was seen, and what to run", () => {
    const sights = [imds({ status: null, failure: "EHOSTUNREACH" })];
    expect(tokenFailure(unavailable, sights, AUTO).sentence).toBe(
      "this machine has no login that Azure knows (tried environment, managed-identity, azure-cli; " +
        "169.254.169.254: EHOSTUNREACH; run: az login)",
    );
  });
});

test.each([
  ["IMDS that knows no such identity", [imds({ words: ["invalid_request"] })], ["managed-identity"], "AUTH_REFUSED"],
  ["IMDS that is out of order", [imds({ status: 500 })], AUTO, "AUTH_UNREACHABLE"],
  ["IMDS that asks to wait", [imds({ status: 429 })], AUTO, "AUTH_THROTTLED"],
  ["IMDS that breaks off", [imds({ status: null, failure: "ECONNRESET" })], AUTO, "AUTH_UNREACHABLE"],
  ["Entra that cannot be reached", [sight({ status: null, failure: "ENOTFOUND" })], AUTO, "AUTH_UNREACHABLE"],
  [
    "Entra, whatever the machine said after it",
    [sight({ status: 503 }), imds({ status: 403 })],
    AUTO,
    "AUTH_UNREACHABLE",
  ],
  ["Entra that is busy", [sight({ status: 503, retryAfterMs: 1000 })], AUTO, "AUTH_THROTTLED"],
  ["an answer without a token", [sight({ status: 200 })], ["environment"], "AUTH_INVALID"],
])("%s is what it is", (_, sights, tried, code) => expect(tokenFailure(unavailable, sights, tried).code).toBe(code));

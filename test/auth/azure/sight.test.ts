import { describe, expect, test } from "vitest";
import { sightOfAnswer, sightOfFailure } from "../../../auth/azure/sight.ts";

const see = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  sightOfAnswer("https://login.test/t/token?code=hunter2", { status, headers, body: JSON.stringify(body) });

test("a place is told without its query", () => {
  expect(see(200, {}).place).toBe("https://login.test/t/token");
  expect(sightOfFailure("https://login.test/a?b=hunter2", new Error("x"), null).place).toBe("https://login.test/a");
});

test.each([
  [
    "Entra's",
    { error: "invalid_client", error_codes: [7000215], error_description: "prose" },
    ["invalid_client", "AADSTS7000215"],
  ],
  [
    "Key Vault's",
    { error: { code: "Forbidden", message: "prose", innererror: { code: "AccessDenied" } } },
    ["Forbidden", "AccessDenied"],
  ],
  ["a sentence instead of a code", { error: "the secret hunter2 is wrong", error_codes: ["hunter2"] }, []],
  ["anything", ["x", null], []],
])("the codes of %s error are its words", (_, body, words) => expect(see(400, body).words).toEqual(words));

describe("the time to wait", () => {
  const date = "Thu, 15 Jan 2026 12:00:00 GMT";
  test.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "Thu, 15 Jan 2026 12:00:09 GMT", date }, 9000],
    [{ "retry-after": "Thu, 15 Jan 2026 11:00:00 GMT", date }, 0],
    [{ "retry-after-ms": "250", "retry-after": "7" }, 250],
    [{ "x-ms-retry-after-ms": "250" }, 250],
    [{ "retry-after": "soon" }, null],
    [{ "retry-after": "-1" }, null],
    [{}, null],
  ])("%j is %s ms", (headers, ms) => {
    expect(see(429, {}, headers as Record<string, string>).retryAfterMs).toBe(ms);
  });
});

test.each([
  [Object.assign(new Error("connect hunter2"), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
  [Object.assign(new Error("x"), { code: "a sentence about hunter2" }), "no answer"],
  ["text", "no answer"],
])("a failure is told by its code, not its text", (error, failure) =>
  expect(sightOfFailure("https://login.test/", error, null).failure).toBe(failure),
);

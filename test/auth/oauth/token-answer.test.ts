import { expect, test } from "vitest";
import { errorWord, tokenOf } from "../../../auth/oauth/token-answer.ts";

const PLACE = "https://idp.test/token";
const answer = (body: unknown, status = 200, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const read = (...all: Parameters<typeof answer>) => tokenOf(answer(...all), PLACE, 0);

test.each([
  [
    { access_token: "a", token_type: "Bearer", expires_in: 60 },
    { value: "a", livesMs: 60_000 },
  ],
  [
    { access_token: "a", token_type: "bearer", expires_in: "60" },
    { value: "a", livesMs: 60_000 },
  ],
  [
    { access_token: "a", token_type: "BEARER", expires_in: 0.5 },
    { value: "a", livesMs: 500 },
  ],
  [
    { access_token: "a.b-c_d~e+f/g==", token_type: "Bearer" },
    { value: "a.b-c_d~e+f/g==", livesMs: null },
  ],
  [
    { access_token: "a", token_type: "Bearer", expires_in: 1e300 },
    { value: "a", livesMs: 365 * 86_400_000 },
  ],
  [
    { access_token: "a", token_type: "Bearer", id_token: "no jwt", scope: "x" },
    { value: "a", livesMs: null },
  ],
])("%j is a token", async (body, token) => {
  expect(await read(body)).toEqual(token);
});

test.each([
  ["", "not JSON"],
  ["<html>sign in</html>", "not JSON"],
  ["null", "is missing"],
  ["[]", "is missing"],
  ['"token"', "is missing"],
  [{}, "is missing"],
  [{ token_type: "Bearer" }, "is missing"],
  [{ access_token: "a" }, "is missing"],
  [{ access_token: "", token_type: "Bearer" }, "is missing"],
  [{ access_token: 1, token_type: "Bearer" }, "is missing"],
  [{ access_token: ["a"], token_type: "Bearer" }, "is missing"],
  [{ access_token: "a", token_type: 1 }, "is missing"],
  [{ access_token: "a", token_type: "mac" }, "not Bearer"],
  [{ access_token: "a", token_type: "DPoP" }, "not Bearer"],
  [{ access_token: "a", token_type: "N_A" }, "not Bearer"],
  [{ access_token: "a b", token_type: "Bearer" }, "in a header"],
  [{ access_token: "a\r\nx: y", token_type: "Bearer" }, "in a header"],
  [{ access_token: "ü", token_type: "Bearer" }, "in a header"],
  [{ access_token: "a".repeat(40_000), token_type: "Bearer" }, "in a header"],
  [{ access_token: "a", token_type: "Bearer", expires_in: 0 }, "ended already"],
  [{ access_token: "a", token_type: "Bearer", expires_in: -1 }, "wrong kind"],
  [{ access_token: "a", token_type: "Bearer", expires_in: null }, "wrong kind"],
  [{ access_token: "a", token_type: "Bearer", expires_in: "soon" }, "wrong kind"],
  [{ access_token: "a", token_type: "Bearer", expires_in: {} }, "wrong kind"],
  [{ error: "invalid_client" }, "is missing"],
])("%j is none: %s", async (body, why) => {
  const error = await read(body).then(null, (found: unknown) => found);
  expect(error).toMatchObject({ code: "AUTH_INVALID", detail: { place: PLACE, why: expect.stringContaining(why) } });
});

test.each([204, 302, 304])("HTTP %i is no token", async (status) => {
  await expect(read("", status)).rejects.toMatchObject({ code: "AUTH_INVALID", detail: { why: `HTTP ${status}` } });
});

test.each([
  [400, { error: "invalid_scope" }, "HTTP 400 invalid_scope"],
  [401, { error: "invalid_client", error_description: "secret" }, "HTTP 401 invalid_client"],
  [403, "<html>", "HTTP 403"],
  [400, { error: "AADSTS7000215: Invalid client secret provided" }, "HTTP 400"],
  [400, { error: { code: "x" } }, "HTTP 400"],
  [400, { error: "x".repeat(41) }, "HTTP 400"],
])("HTTP %i with %j is a refusal: %s", async (status, body, why) => {
  await expect(read(body, status)).rejects.toMatchObject({
    code: "AUTH_REFUSED",
    detail: { place: PLACE, status, why },
  });
});

test("the word of a refusal is a word", () => {
  expect(errorWord(answer({ error: "interaction_required" }))).toBe("interaction_required");
  expect(errorWord(answer({ error: "eyJhbGciOi.J9" }))).toBeNull();
});

test.each([
  ["7", 7000],
  ["0", 0],
  ["999999999", 86_400_000],
  ["9999999999999", null],
  ["soon", null],
  ["-1", null],
  ["Wed, 21 Oct 2026 07:28:30 GMT", 30_000],
  ["Wed, 21 Oct 2026 07:27:00 GMT", 0],
] as const)("retry-after %j is a wait of %j ms, by the server's own date", async (text, waitMs) => {
  const headers = { "retry-after": text, date: "Wed, 21 Oct 2026 07:28:00 GMT" };
  const error = (await read("", 429, headers).then(null, (found: unknown) => found)) as { detail: object };
  expect(error).toMatchObject({ code: "AUTH_THROTTLED" });
  expect(error.detail).toEqual({
    place: PLACE,
    status: 429,
    why: "HTTP 429",
    ...(waitMs === null ? {} : { retryAfterMs: waitMs }),
  });
});

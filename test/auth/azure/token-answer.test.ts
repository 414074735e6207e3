import { describe, expect, test } from "vitest";
import { isBearer, tokenAnswer } from "../../../auth/azure/token-answer.ts";

const NOW = Date.UTC(2026, 0, 15, 12);
const dated = (aheadMs: number) => new Date(NOW + aheadMs).toUTCString();
const seconds = (ms: number) => String(Math.floor(ms / 1000));
const read = (body: object | string, date?: string, status = 200) => {
  const text = typeof body === "string" ? body : JSON.stringify({ access_token: "t", ...body });
  return tokenAnswer({ status, date, body: text }, NOW);
};

describe("the life", () => {
  test.each([
    ["expires_in", { expires_in: 20 }, undefined, 20_000],
    ["expires_in as text", { expires_in: "20" }, undefined, 20_000],
    ["expires_on by the issuer's own clock", { expires_on: seconds(NOW + 620_000) }, dated(600_000), 20_000],
    [
      "expires_on by this machine's clock, for want of another",
      { expires_on: seconds(NOW + 20_000) },
      undefined,
      20_000,
    ],
    ["expires_on as a date", { expires_on: new Date(NOW + 20_000).toISOString() }, dated(0), 20_000],
    [
      "the smaller one: an old token, its life counted from its issue",
      { expires_in: 3600, expires_on: seconds(NOW + 20_000) },
      dated(0),
      20_000,
    ],
    [
      "expires_in alone where the issuer's clock is not known",
      { expires_in: 20, expires_on: seconds(NOW - 600_000) },
      undefined,
      20_000,
    ],
    ["nothing", {}, dated(0), null],
    ["nonsense", { expires_in: "soon", expires_on: {} }, dated(0), null],
    ["a past", { expires_in: -5 }, undefined, -5000],
  ])("comes from %s", (_, body, date, livesMs) => expect(read(body, date)?.livesMs).toBe(livesMs));
});

test.each([
  ["another status", read({ expires_in: 1 }, undefined, 400)],
  ["HTML", read("<html>")],
  ["null", read("null")],
  ["no token", read({ access_token: undefined })],
  ["an empty one", read({ access_token: "" })],
])("%s is no answer with a token", (_, answer) => expect(answer).toBeNull());

test("MSAL hears that the token ends at once, and nothing else is changed", () => {
  const answer = read({ expires_in: 3600, ext_expires_in: 9, refresh_in: 9, expires_on: seconds(NOW), resource: "r" });
  expect(JSON.parse(answer?.muted ?? "")).toEqual({
    access_token: "t",
    expires_in: 1,
    expires_on: seconds(NOW + 1000),
    resource: "r",
  });
});

test.each([
  ["{}", true],
  ['{"token_type":"bearer"}', true],
  ['{"token_type":"mac"}', false],
  ['{"token_type":1}', false],
])("%s is for Bearer: %s", (body, is) => expect(isBearer(body)).toBe(is));

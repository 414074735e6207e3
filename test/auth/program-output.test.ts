import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AuthError } from "../../auth/auth-error.ts";
import { readProgramOutput } from "../../auth/program-output.ts";
import { madeJwt } from "./made-jwt.ts";

const NOW_MS = Date.UTC(2026, 5, 1);
const read = (output: string, over: Partial<Parameters<typeof readProgramOutput>[1]> = {}) =>
  readProgramOutput(output, { format: "auto", livesMs: null, program: "get-token", nowMs: NOW_MS, ...over });

describe("the token", () => {
  test.each([
    ["bare", "abc\n"],
    ["with its scheme", "Bearer abc\r\n"],
    ["as a JSON text", '"abc"\n'],
    ["as OAuth gives it", '{"access_token":"abc","token_type":"Bearer"}'],
    ["as az prints it", '{\n  "accessToken": "abc", "tokenType": "Bearer"\n}\n'],
    ["as gh and others do", '{"token":"abc"}'],
  ])("%s", (_name, output) => {
    expect(read(output).value).toBe("abc");
  });

  test("is all of the output where the format is text", () => {
    expect(read('{"token":"abc"}', { format: "text" }).value).toBe('{"token":"abc"}');
  });
});

describe("its life", () => {
  test.each([
    ["a span is taken as it is", '{"token":"t","expires_in":3600}', { livesMs: 3_600_000 }],
    ["also as text", '{"token":"t","expiresIn":"60"}', { livesMs: 60_000 }],
    ["a span goes before a date", '{"token":"t","expires_in":60,"expires_on":1}', { livesMs: 60_000 }],
    ["a date is a guess", `{"token":"t","expires_on":${NOW_MS / 1000 + 60}}`, { livesMs: 60_000, isGuess: true }],
    ["also as ISO text", '{"token":"t","expiresOn":"2026-06-01T00:01:00Z"}', { livesMs: 60_000, isGuess: true }],
    [
      "seconds go before az's date without a zone",
      `{"token":"t","expiresOn":"2026-06-01 09:00:00.000000","expires_on":${NOW_MS / 1000 + 60}}`,
      { livesMs: 60_000, isGuess: true },
    ],
    [
      "a date that is past by this clock says nothing",
      '{"token":"t","expires_on":1}',
      { livesMs: null, isGuess: true },
    ],
    ["what cannot be read says nothing", '{"token":"t","expires_on":"soon"}', { livesMs: null }],
    ["nothing says nothing", "t", { livesMs: null }],
  ])("%s", (_name, output, life) => {
    expect(read(output)).toMatchObject(life);
  });

  test("`lives` holds where the output has no end", () => {
    expect(read("t", { livesMs: 1000 })).toEqual({ value: "t", livesMs: 1000 });
    expect(read('{"token":"t","expires_in":60}', { livesMs: 1000 }).livesMs).toBe(60_000);
  });

  test("a JWT says it itself", () => {
    const jwt = madeJwt({ iat: NOW_MS / 1000, exp: NOW_MS / 1000 + 300 });
    expect(read(jwt)).toEqual({ value: jwt, livesMs: 300_000, isGuess: true });
  });
});

test.each([
  ["", "AUTH_COMMAND", "no output"],
  [" \n", "AUTH_COMMAND", "no output"],
  ['{"hunter2":1}', "AUTH_COMMAND", "no token in its JSON"],
  ['{"token":""}', "AUTH_COMMAND", "the token is empty"],
  ['{"token":{"hunter2":1}}', "AUTH_COMMAND", "the token is empty"],
  ['{"token": hunter2', "AUTH_COMMAND", "its output is no JSON object"],
  ["please log in: hunter2", "AUTH_UNUSABLE", undefined],
  ["hunter2\nX-Injected: 1", "AUTH_UNUSABLE", undefined],
])("%j is %s (%s), and is not quoted", (output, code, why) => {
  let error: unknown;
  try {
    read(output);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(AuthError);
  expect(error).toMatchObject({ code, detail: { place: "get-token" } });
  expect((error as AuthError).detail.why).toBe(why);
  expect(inspect(error, { depth: null })).not.toContain("hunter2");
});

test.each(["abc", "[1]", "1", "null"])("%s is no JSON with a token, where that is asked for", (output) => {
  expect(() => read(output, { format: "json" })).toThrow(AuthError);
});

import fc from "fast-check";
import { errors } from "undici";
import { describe, expect, test } from "vitest";
import {
  failureOfNetwork,
  failureOfRpcError,
  failureOfStatus,
  parseRetryAfterMs,
  REASON_BY_CODE,
  REASON_BY_CODE_PREFIX,
  REASON_BY_STATUS,
  reasonOfCode,
  safeDetail,
  WireError,
} from "../../bridge/outcome.ts";
import { isOutcome } from "../../record/reason.ts";

const withCode = (code: string): Error => Object.assign(new Error("x"), { code });

describe("the table of codes", () => {
  test.each(Object.entries(REASON_BY_CODE))("%s is %s", (code, reason) => {
    expect(failureOfNetwork(withCode(code))).toEqual({ reason, detail: code });
    expect(isOutcome(reason)).toBe(true);
  });

  test.each(REASON_BY_CODE_PREFIX)("%s… is %s", (prefix, reason) => {
    expect(reasonOfCode(`${prefix}ANYTHING`)).toBe(reason);
  });

  test("no exact code is also caught by a prefix, so that the order of the tables cannot matter", () => {
    for (const code of Object.keys(REASON_BY_CODE)) {
      expect(REASON_BY_CODE_PREFIX.filter(([prefix]) => code.startsWith(prefix))).toEqual([]);
    }
  });

  /** Errors of undici that a plain HTTP/1.1 request cannot meet, or that never reach us. */
  const UNMAPPED = new Set([
    "UND_ERR",
    "UND_ERR_ABORT",
    "UND_ERR_INVALID_RETURN_VALUE",
    "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH",
    "UND_ERR_INFO",
    "UND_ERR_NOT_SUPPORTED",
    "UND_ERR_BPL_MISSING_UPSTREAM",
    "UND_ERR_REQ_RETRY",
    "UND_ERR_RESPONSE",
    "UND_ERR_PRX_TLS",
    "UND_ERR_WS_MESSAGE_SIZE_EXCEEDED",
    "UND_ERR_MAX_ORIGINS_REACHED",
    "UND_ERR_SOCKS5",
  ]);

  test("every error that undici can give has a reason or is known to be none of ours", () => {
    const codes = Object.values(errors).flatMap((ErrorClass) => {
      const { code } = Reflect.construct(ErrorClass as new (...args: unknown[]) => { code?: unknown }, ["x", 500, {}]);
      return typeof code === "string" ? [code] : [];
    });
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => reasonOfCode(code) === null && !UNMAPPED.has(code))).toEqual([]);
  });

  test("every code of undici in the table is one that undici has", () => {
    const known = new Set(
      Object.values(errors).map(
        (ErrorClass) =>
          Reflect.construct(ErrorClass as new (...args: unknown[]) => { code?: unknown }, ["x", 500, {}]).code,
      ),
    );
    for (const code of Object.keys(REASON_BY_CODE)) if (code.startsWith("UND_ERR")) expect(known).toContain(code);
  });
});

test("a code is found below causes and in collected errors", () => {
  const collected = Object.assign(new AggregateError([withCode("ECONNREFUSED")]), {});
  expect(failureOfNetwork(new TypeError("fetch failed", { cause: collected })).reason).toBe("connect");
});

test("a chain of causes that bites its tail comes to an end", () => {
  const error = new Error("x");
  error.cause = error;
  expect(failureOfNetwork(error)).toEqual({ reason: "disconnected", detail: "x" });
});

test("a failure that was already judged keeps its reason", () => {
  expect(failureOfNetwork(new WireError({ reason: "auth" }))).toEqual({ reason: "auth" });
});

describe("a status", () => {
  const refusal = { body: "", hasSession: false };

  test.each(Object.entries(REASON_BY_STATUS))("%s is %s", (status, reason) => {
    expect(failureOfStatus({ ...refusal, status: Number(status) })).toMatchObject({ reason, code: Number(status) });
  });

  test.each([
    [301, "http-3xx"],
    [400, "http-4xx"],
    [418, "http-4xx"],
    [500, "http-5xx"],
    [502, "http-5xx"],
    [700, "protocol"],
  ])("%i is %s", (status, reason) => {
    expect(failureOfStatus({ ...refusal, status }).reason).toBe(reason);
  });

  test.each([
    [404, ""],
    [400, '{"error":{"code":-32000,"message":"Bad Request: No valid session ID provided"}}'],
    [400, "Invalid or missing session ID"],
  ])("%i %s is a lost session where one was sent, and only there", (status, body) => {
    expect(failureOfStatus({ status, body, hasSession: true }).reason).toBe("session-lost");
    expect(failureOfStatus({ status, body, hasSession: false }).reason).not.toBe("session-lost");
  });

  test("400 without words about the session is not a lost session", () => {
    expect(failureOfStatus({ status: 400, body: "obsession with schemas", hasSession: true }).reason).toBe("http-4xx");
  });

  test("the challenge of a 401 stays in the detail", () => {
    const { detail } = failureOfStatus({ ...refusal, status: 401, wwwAuthenticate: 'Bearer error="invalid_token"' });
    expect(detail).toBe('Bearer error="invalid_token"');
  });
});

test("a JSON-RPC error with a session code is a lost session only when its words say so", () => {
  expect(failureOfRpcError(-32001, "Session not found", true).reason).toBe("session-lost");
  expect(failureOfRpcError(-32001, "Session not found", false).reason).toBe("json-rpc-error");
  expect(failureOfRpcError(-32001, "Request timed out", true).reason).toBe("json-rpc-error");
  expect(failureOfRpcError(-32602, "no session in params", true)).toMatchObject({
    reason: "json-rpc-error",
    code: -32602,
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-21T10:00:00Z");
  test.each([
    ["3", 3_000],
    ["0", 0],
    [" 12 ", 12_000],
    ["Sat, 21 Nov 2026 10:00:05 GMT", 5_000],
    ["Sat, 21 Nov 2026 09:00:00 GMT", 0],
    ["999999999", 86_400_000],
    ["soon", null],
    ["", null],
    ["-5", 0],
  ])("%j is %j ms", (value, waitMs) => {
    expect(parseRetryAfterMs(value, now)).toBe(waitMs);
  });
});

describe("a detail", () => {
  test("is one line without control characters", () => {
    expect(safeDetail("a\r\nb\u0000\u001b[31mc\u2028d", [])).toBe("a b [31mc d");
  });

  test("has at most 500 characters", () => {
    expect(safeDetail("x".repeat(10_000), [])).toHaveLength(500);
  });

  test("holds no secret, wherever it was cut", () => {
    const secret = fc
      .string({ minLength: 6, maxLength: 40, unit: "grapheme-ascii" })
      .filter((text) => !/[\s[\]]/.test(text));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), fc.nat(60), (hidden, before, after, cut) => {
        const text = `${before}${hidden}${after}${hidden}`;
        const said = safeDetail(text.slice(0, Math.max(0, text.length - cut)), [hidden]);
        expect(said).not.toContain(hidden);
      }),
    );
  });

  test("does not end with the head of a secret", () => {
    expect(safeDetail("no: Bearer secret-to", ["secret-token-0123456789"])).toBe("no: Bearer");
  });
});

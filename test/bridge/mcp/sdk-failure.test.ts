import { ProtocolError, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { failureOfSdk, REASON_BY_SDK_CODE } from "../../../bridge/mcp/sdk-failure.ts";
import { WireError } from "../../../bridge/outcome.ts";
import { isOutcome } from "../../../record/reason.ts";

describe("the table of the SDK's codes", () => {
  test("has a reason for every code that the SDK has, and for no other", () => {
    expect(Object.keys(REASON_BY_SDK_CODE).toSorted()).toEqual(Object.values(SdkErrorCode).toSorted());
    for (const reason of Object.values(REASON_BY_SDK_CODE)) expect(isOutcome(reason)).toBe(true);
  });

  test.each(Object.values(SdkErrorCode))("%s is used", (code) => {
    expect(failureOfSdk(new SdkError(code, "x"), false)).toEqual({ reason: REASON_BY_SDK_CODE[code], detail: "x" });
  });
});

test("a fault of the wire below the SDK's own error is what counts", () => {
  const cause = new WireError({ reason: "tls", detail: "CERT_HAS_EXPIRED" });
  const error = new SdkError(SdkErrorCode.EraNegotiationFailed, "probe failed", {}, { cause });
  expect(failureOfSdk(error, false)).toEqual({ reason: "tls", detail: "CERT_HAS_EXPIRED" });
});

test("a JSON-RPC error keeps its code", () => {
  expect(failureOfSdk(new ProtocolError(-32602, "bad"), true)).toEqual({
    reason: "json-rpc-error",
    code: -32602,
    detail: "bad",
  });
});

test("what nobody knows is protocol", () => {
  expect(failureOfSdk(new TypeError("odd"), false)).toEqual({ reason: "protocol", detail: "odd" });
  expect(failureOfSdk("odd", false)).toEqual({ reason: "protocol", detail: "odd" });
});

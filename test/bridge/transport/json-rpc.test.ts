import { isJSONRPCErrorResponse, isJSONRPCRequest, isJSONRPCResultResponse } from "@modelcontextprotocol/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMessages, readIncoming, readRefusal } from "../../../bridge/transport/json-rpc.ts";

/** Whatever passes has to be a message that the SDK recognizes: it drops all others and would wait for ever. */
const isForTheSdk = (value: unknown): boolean =>
  isJSONRPCResultResponse(value) || isJSONRPCErrorResponse(value) || isJSONRPCRequest(value);

describe("an answer", () => {
  test.each([
    ["a result", { result: {} }],
    ["keys that JSON-RPC does not know", { result: { a: 1 }, extra: true }],
    ["an error", { error: { code: -32603, message: "no" } }],
    ["an error with data and more", { error: { code: 1, message: "", data: [1], stack: "x" } }],
    ["metadata", { result: { _meta: { progressToken: 3, "a/b": {} } } }],
  ])("with %s passes, and the SDK takes it", (_name, rest) => {
    const incoming = readIncoming({ jsonrpc: "2.0", id: 7, ...rest }, 7);
    expect(incoming.kind).toBe("answer");
    expect("message" in incoming && isForTheSdk(incoming.message)).toBe(true);
  });

  test.each([
    ["no result and no error", {}],
    ["a result that is null", { result: null }],
    ["a result that is a list", { result: [] }],
    ["an error that is a text", { error: "no" }],
    ["an error without a code", { error: { message: "no" } }],
    ["an error with a code that is no integer", { error: { code: 1.5, message: "no" } }],
    ["metadata that is a text", { result: { _meta: "x" } }],
    ["metadata with an odd progress token", { result: { _meta: { progressToken: {} } } }],
    ["metadata with an odd task", { result: { _meta: { "io.modelcontextprotocol/related-task": 1 } } }],
    ["another version of JSON-RPC", { jsonrpc: "1.0", result: {} }],
  ])("with %s is malformed", (_name, rest) => {
    expect(readIncoming({ jsonrpc: "2.0", id: 7, ...rest }, 7).kind).toBe("malformed");
  });

  test("with another id, or the id as a text, is none", () => {
    expect(readIncoming({ jsonrpc: "2.0", id: 8, result: {} }, 7).kind).toBe("other");
    expect(readIncoming({ jsonrpc: "2.0", id: "7", result: {} }, 7).kind).toBe("other");
  });
});

test("whatever a server sends, what passes is something that the SDK recognizes", () => {
  const meta = fc.oneof(fc.jsonValue(), fc.record({ progressToken: fc.jsonValue() }, { requiredKeys: [] }));
  const message = fc.record(
    {
      jsonrpc: fc.constantFrom("2.0", "1.0", 2),
      id: fc.constantFrom(7, "7", null, 1.5),
      method: fc.constantFrom("ping", 3),
      params: fc.oneof(fc.jsonValue(), fc.record({ a: fc.jsonValue() })),
      result: fc.oneof(fc.jsonValue(), fc.record({ _meta: meta }, { requiredKeys: [] })),
      error: fc.oneof(fc.jsonValue(), fc.record({ code: fc.jsonValue(), message: fc.jsonValue() })),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(message, (value) => {
      const incoming = readIncoming(value, 7);
      return !("message" in incoming) || isForTheSdk(incoming.message);
    }),
    { numRuns: 2_000 },
  );
});

test("a JSON text is one message or several, and nesting without end is none", () => {
  expect(parseMessages('{"a":1}')).toEqual([{ a: 1 }]);
  expect(parseMessages('[{"a":1},{"b":2}]')).toEqual([{ a: 1 }, { b: 2 }]);
  expect(parseMessages('{"a":')).toBeNull();
  expect(parseMessages("[".repeat(1_000_000))).toBeNull();
});

test("the error of a refusal is taken with the request's id, no id, or null, and with no other", () => {
  const error = { code: -32601, message: "Method not found" };
  for (const id of [7, null, undefined]) {
    expect(readRefusal(JSON.stringify({ jsonrpc: "2.0", id, error }), 7)).toEqual({ jsonrpc: "2.0", id: 7, error });
  }
  expect(readRefusal(JSON.stringify({ jsonrpc: "2.0", id: 8, error }), 7)).toBeNull();
  expect(readRefusal("<html>", 7)).toBeNull();
  expect(readRefusal('{"error":"invalid_token"}', 7)).toBeNull();
});

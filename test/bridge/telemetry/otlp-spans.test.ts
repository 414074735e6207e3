import { resourceFromAttributes } from "@opentelemetry/resources";
import { expect, test } from "vitest";
import { Operation } from "../../../bridge/operation.ts";
import { callSpan } from "../../../bridge/telemetry/call-span.ts";
import { readableSpans } from "../../../bridge/telemetry/otlp-spans.ts";
import type { Reason } from "../../../record/reason.ts";

const attributesOf = (reason: Reason, code: number | undefined) => {
  const operation = new Operation(1, 5);
  const failure = code === undefined ? { reason } : { reason, code };
  const ended = { operation, name: "a:tools/call:x", server: "a", outcome: reason, failure, endMs: 100 };
  const call = callSpan(ended, (text) => text);
  return readableSpans([call], resourceFromAttributes({}))[0]?.attributes ?? {};
};

test.each([
  ["http-429", 429, { "http.response.status_code": 429 }],
  ["session-lost", 404, { "http.response.status_code": 404 }],
  ["session-lost", -32001, { "rpc.response.status_code": "-32001" }],
  ["json-rpc-error", -32602, { "rpc.response.status_code": "-32602" }],
  ["json-rpc-error", 404, { "rpc.response.status_code": "404" }],
  ["tool-error", undefined, { "error.type": "tool_error" }],
  ["timeout", undefined, { "error.type": "timeout" }],
] as const)("%s with code %s is %j in the conventions' words", (reason, code, expected) => {
  const attributes = attributesOf(reason, code);
  expect(attributes).toMatchObject(expected);
  expect(Object.keys(attributes).filter((key) => key.endsWith("status_code"))).toHaveLength(code === undefined ? 0 : 1);
});

import { expect, test } from "vitest";
import { reasonOfRow } from "../../../azure/engines/reason-of-row.ts";
import { REASONS } from "../../../record/reason.ts";

test.each(Object.entries(REASONS))("a row with our own sentence for %s has that reason", (reason, { text }) => {
  expect(reasonOfRow({ message: text, responseCode: "200" })).toBe(reason);
  expect(reasonOfRow({ message: `McpError(${text})`, responseCode: "" })).toBe(reason);
  expect(reasonOfRow({ message: `${text}: could not connect, HTTP 5xx`, responseCode: "500" })).toBe(reason);
});

test.each([
  ["401", "http-401"],
  ["403", "http-403"],
  ["404", "http-404"],
  ["418", "http-4xx"],
  ["429", "http-429"],
  ["301", "http-3xx"],
  ["502", "http-5xx"],
  ["503", "http-503"],
  ["200", "unknown"],
  ["0", "unknown"],
  ["", "unknown"],
  ["4xx", "unknown"],
  ["constructor", "unknown"],
])("without a sentence of ours, status %s is %s", (responseCode, reason) => {
  expect(reasonOfRow({ message: "Non HTTP response message", responseCode })).toBe(reason);
});

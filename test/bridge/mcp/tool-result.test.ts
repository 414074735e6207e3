import { specTypeSchemas } from "@modelcontextprotocol/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asToolResult } from "../../../bridge/mcp/tool-result.ts";

const isTaken = (result: Record<string, unknown>): boolean => {
  try {
    asToolResult(result);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ failure: { reason: "protocol" } });
    return false;
  }
};
const isTakenBySdk = (result: unknown): boolean => {
  const checked = specTypeSchemas.CallToolResult["~standard"].validate(result);
  return !(checked instanceof Promise) && checked.issues === undefined;
};

const text = fc.record({ type: fc.constant("text"), text: fc.string() });
const nearlyText = fc.record(
  {
    type: fc.constantFrom("text", "image", "audio", "resource", "resource_link", "other", 7),
    text: fc.oneof(fc.string(), fc.integer()),
    data: fc.oneof(fc.constant("aGVsbG8="), fc.string()),
    mimeType: fc.string(),
    annotations: fc.oneof(fc.constant({ priority: 0.5 }), fc.constant({ priority: "high" }), fc.constant(null)),
    _meta: fc.oneof(fc.constant({ a: 1 }), fc.constant([])),
  },
  { requiredKeys: ["type"] },
);
const result = fc.record(
  {
    content: fc.oneof(fc.array(text), fc.array(fc.oneof(text, nearlyText)), fc.constant(null), fc.string()),
    structuredContent: fc.oneof(fc.constant({ a: 1 }), fc.constant([1]), fc.constant(null)),
    isError: fc.oneof(fc.boolean(), fc.constant("yes")),
    _meta: fc.oneof(fc.constant({ a: 1 }), fc.constant(7)),
  },
  { requiredKeys: [] },
);

describe("asToolResult", () => {
  test("takes and refuses what the SDK's own schema takes and refuses", () => {
    fc.assert(
      fc.property(result, (value) => {
        expect(isTaken(value)).toBe(isTakenBySdk(value));
      }),
      { numRuns: 3000 },
    );
  });

  test("a plain result comes back as it came", () => {
    const value = { content: [{ type: "text", text: "hello" }], isError: false };
    expect(asToolResult(value)).toBe(value);
  });

  test("a list of contents that is none is refused", () => {
    expect(isTaken({ content: "hello" })).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import type { Method } from "../../bridge/mcp-session.ts";
import { statisticsName, targetOf } from "../../bridge/statistics-name.ts";

const nameOf = (method: Method, params: Record<string, unknown>, as: string | null = null): string =>
  statisticsName("learn", method, targetOf(method, params, as));

describe("names in the statistics", () => {
  test.each<[string, Method, Record<string, unknown>]>([
    ["learn:tools/call:search", "tools/call", { name: "search", arguments: { query: "secret" } }],
    ["learn:tools/list", "tools/list", {}],
    ["learn:resources/read:docs", "resources/read", { uri: "docs://page/4711?token=abc" }],
    ["learn:resources/read", "resources/read", { uri: "no scheme" }],
    ["learn:prompts/get:review", "prompts/get", { name: "review" }],
    ["learn:completion/complete:review", "completion/complete", { ref: { type: "ref/prompt", name: "review" } }],
    ["learn:completion/complete:docs", "completion/complete", { ref: { type: "ref/resource", uri: "docs://{id}" } }],
    ["learn:ping", "ping", { name: "ignored" }],
    ["learn:tools/call", "tools/call", { name: 7 }],
  ])("%s", (expected, method, params) => {
    expect(nameOf(method, params)).toBe(expected);
  });

  test("the user's own target wins", () => {
    expect(nameOf("tools/call", { name: "search" }, "search fast")).toBe("learn:tools/call:search fast");
  });

  test("control characters and length cannot forge or flood a row", () => {
    const name = nameOf("tools/call", { name: `a\nb\u001b[31m\u2028\u2029${"x".repeat(1000)}` });
    expect(name).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(name.length).toBeLessThan(150);
  });
});

import { describe, expect, test } from "vitest";
import { ToolSnapshots } from "../../bridge/tool-snapshots.ts";
import { MOST_TOOLS } from "../../record/facts/tools.ts";

const printsOf = (...tools: readonly unknown[]) => new ToolSnapshots().take("learn", { tools }, 100, 0)?.tools ?? {};

const SEARCH = {
  name: "search",
  description: "Finds.",
  inputSchema: { type: "object", properties: { q: { type: "string" }, n: { type: "number" } } },
};

describe("the fingerprint of a tool", () => {
  test("is the same whatever the order of its schema's keys", () => {
    const turned = { properties: { n: { type: "number" }, q: { type: "string" } }, type: "object" };
    expect(printsOf({ ...SEARCH, inputSchema: turned })).toEqual(printsOf(SEARCH));
  });

  test.each([
    ["schema", { inputSchema: { type: "object", properties: { q: { type: "number" } } } }],
    ["schema", { outputSchema: { type: "object" } }],
    ["description", { description: "Finds more." }],
    ["description", { annotations: { readOnlyHint: true } }],
  ] as const)("is another %s after a change of it, and the rest stays", (part, change) => {
    const [before, after] = [printsOf(SEARCH).search, printsOf({ ...SEARCH, ...change }).search];
    const other = part === "schema" ? "description" : "schema";
    expect(after?.[part]).not.toBe(before?.[part]);
    expect(after?.[other]).toBe(before?.[other]);
  });

  test("stands under its own name, also where two long ones begin alike", () => {
    const long = "n".repeat(200);
    const names = Object.keys(printsOf({ name: `${long}1` }, { name: `${long}2` }, { name: "n".repeat(128) }));
    expect(names).toHaveLength(3);
    expect(Math.max(...names.map(({ length }) => length))).toBe(128);
  });

  test("can be had of a schema that is nested as deeply as a server likes", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`) as unknown;
    expect(printsOf({ ...SEARCH, inputSchema: deep }).search?.schema).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("what is looked at", () => {
  test("is one list a second of each server", () => {
    const snapshots = new ToolSnapshots();
    const at = (server: string, nowMs: number) => snapshots.take(server, { tools: [SEARCH] }, 100, nowMs) !== null;
    expect([at("a", 0), at("a", 999), at("b", 999), at("a", 1_000)]).toEqual([true, false, true, true]);
  });

  test.each([[undefined], [null], ["no list"], [{ tools: "none" }], [{}]])("is not %j", (result) => {
    expect(new ToolSnapshots().take("learn", result, 100, 0)).toBeNull();
  });

  test("is no list that would take too long", () => {
    expect(new ToolSnapshots().take("learn", { tools: [SEARCH] }, 300_000, 0)).toBeNull();
  });

  test("leaves out what is no tool, and what is above the bound, the same ones each time", () => {
    const tools = Array.from({ length: MOST_TOOLS + 2 }, (_, at) => ({ name: `t${String(at).padStart(4, "0")}` }));
    const take = (list: readonly unknown[]) => new ToolSnapshots().take("learn", { tools: list }, 100, 0);
    const one = take([null, 3, { name: 7 }, ...tools]);
    expect(one?.more).toBe(2);
    expect(take(tools.toReversed())).toEqual(one);
  });
});

import { describe, expect, test } from "vitest";
import { Facts } from "../../../record/facts/facts.ts";
import { MOST_TOOLS, type ToolsEvent, toolChanges } from "../../../record/facts/tools.ts";

const print = (schema: string, description = "d") => ({ schema, description });

const list = (atMs: number, tools: ToolsEvent["tools"]): ToolsEvent => ({ server: "learn", atMs, tools, more: 0 });

const kept = (...events: readonly ToolsEvent[]) => {
  const facts = new Facts();
  for (const event of events) facts.hear({ kind: "tools", event });
  return facts.sections().tools?.learn;
};

test("tools that came, went, or say something else are told apart, and an untouched one is in none", () => {
  const before = { gone: print("1"), same: print("2"), other: print("3"), words: print("4", "old") };
  const after = { same: print("2"), other: print("33"), words: print("4", "new"), came: print("5") };
  expect(toolChanges({ tools: before, more: 0 }, { tools: after, more: 0 })).toEqual({
    added: ["came"],
    removed: ["gone"],
    changed: ["other", "words"],
  });
});

test("a tool with the name of what every object has is no change", () => {
  expect(toolChanges({ tools: {}, more: 0 }, { tools: { constructor: print("1") }, more: 0 }).added).toEqual([
    "constructor",
  ]);
});

describe("the lists of one run", () => {
  test("that are all alike differ in nothing", () => {
    const tools = { search: print("1") };
    expect(kept(list(1, tools), list(2, tools))).toEqual({ atMs: 2, tools, more: 0, lists: 2, differing: [] });
  });

  test("leave the latest, and the names in which any two of them differ", () => {
    const record = kept(list(1, { a: print("1"), b: print("1") }), list(2, { a: print("2"), c: print("1") }));
    expect(record).toMatchObject({ atMs: 2, tools: { a: print("2"), c: print("1") }, differing: ["a", "b", "c"] });
  });

  test("leave the latest, also when an earlier one is heard of later, from another process", () => {
    const [late, early] = [list(9, { a: print("9") }), list(1, { a: print("1") })];
    expect(kept(late, early)).toMatchObject({ atMs: 9, tools: { a: print("9") }, differing: ["a"] });
  });

  test("hold a bounded number of names, also of a server that makes up new ones each time", () => {
    const round = (from: number) =>
      list(from, Object.fromEntries(Array.from({ length: MOST_TOOLS }, (_, at) => [`tool-${from}-${at}`, print("1")])));
    expect(kept(round(1), round(2), round(3))?.differing).toHaveLength(MOST_TOOLS);
  });
});

test("of lists with more tools than are kept, only names that both are kept up to can differ", () => {
  const kept = (names: readonly string[], more: number) => ({
    tools: Object.fromEntries(names.map((name) => [name, print("1")])),
    more,
  });
  const none = { added: [], removed: [], changed: [] };
  // A tool that came in front pushes one out at the end, which is there all the same.
  expect(toolChanges(kept(["b", "c", "d"], 2), kept(["a", "b", "c"], 3))).toEqual({ ...none, added: ["a"] });
  expect(toolChanges(kept(["a", "b", "c"], 3), kept(["b", "c", "d"], 2))).toEqual({ ...none, removed: ["a"] });
  expect(toolChanges(kept(["a", "c"], 0), kept(["a", "b", "c", "d"], 0)).added).toEqual(["b", "d"]);
  // Names that are numbers come first in an object, and not by the alphabet.
  expect(toolChanges(kept(["10", "9", "a"], 1), kept(["10", "9", "a", "b"], 0))).toEqual(none);
});

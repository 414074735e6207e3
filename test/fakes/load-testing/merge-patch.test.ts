import { expect, test } from "vitest";
import { mergePatched } from "./merge-patch.ts";

test.each([
  ["null removes", { a: "b", c: "d" }, { a: null }, { c: "d" }],
  ["a map is merged, absent keeps", { a: { b: 1, c: 2 } }, { a: { b: 3 } }, { a: { b: 3, c: 2 } }],
  ["a list replaces a list", { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ["a map replaces a value, without its nulls", { a: 1 }, { a: { b: 2, c: null } }, { a: { b: 2 } }],
  ["a value replaces a map", { a: { b: 1 } }, { a: "c" }, { a: "c" }],
  ["an empty map changes nothing", { a: { b: 1 } }, { a: {} }, { a: { b: 1 } }],
])("%s", (_, target, patch, merged) => {
  expect(mergePatched(target, patch)).toEqual(merged);
});

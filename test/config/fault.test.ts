import { expect, test } from "vitest";
import { faultLines, showKey, showValue } from "../../config/fault.ts";

test("faults are told by line, then column", () => {
  const at = (line: number, column: number) => ({ line, column, path: ["a", 0], sentence: "is wrong" });
  expect(faultLines("f.yaml", [at(10, 1), at(2, 9), at(2, 3)])).toEqual([
    "f.yaml:2:3 a.0: is wrong",
    "f.yaml:2:9 a.0: is wrong",
    "f.yaml:10:1 a.0: is wrong",
  ]);
});

test("a key that cannot stand on one line, or may be a pasted token, is not shown", () => {
  expect(["weight", "X-Team", "Git Hub", 3].map(showKey)).toEqual(["weight", "X-Team", "Git Hub", "3"]);
  expect(["a\nb", "\u001b[31m", "x".repeat(65), "ghp_16C7e42F292c6912E7710c838347Ae178B4a"].map(showKey)).toEqual(
    Array(4).fill("(odd name)"),
  );
});

test.each([
  [null, "empty"],
  [[], "a list"],
  [{}, "a map"],
  [3, "3"],
  ["heavy\n", '"heavy\\n"'],
  ["x".repeat(61), null],
  ["http://u:p@h/", null],
  ["http://h/?a=b", null],
])("%j is shown as %j", (value, shown) => {
  expect(showValue(value, ["servers", "a", "url"])).toBe(shown);
});

test("nothing is quoted from headers and auth but the strategy", () => {
  expect(showValue("x", ["servers", "a", "headers", "x-a"])).toBeNull();
  expect(showValue("x", ["servers", "a", "auth", "env"])).toBeNull();
  expect(showValue("x", ["servers", "a", "auth", "strategy"])).toBe('"x"');
});

test.each(["secrets", "certificates", "credential", "env", "identities"])("nothing is quoted from azure.%s", (key) => {
  expect(showValue("swordfish", ["azure", key, "clientId"])).toBeNull();
});

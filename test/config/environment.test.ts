import { join } from "node:path";
import { expect, test } from "vitest";
import { openEnvironment } from "../../config/environment.ts";
import { refusal, temporaryProject } from "./temporary-project.ts";

test("the real environment wins, then the files in their order; a file that is not there is skipped", () => {
  const folder = temporaryProject({ one: "A=1\nB=1\n", two: "A=2\nB=2\nC='2 x' # note\n" });
  const lookup = openEnvironment({ A: "0" }, [join(folder, "none"), join(folder, "one"), join(folder, "two")]);
  expect(["A", "B", "C", "D"].map(lookup)).toEqual(["0", "1", "2 x", undefined]);
});

test("an empty variable does not hide the one in a file", () => {
  const folder = temporaryProject({ ".env": "A=1\n" });
  expect(openEnvironment({ A: "" }, [join(folder, ".env")])("A")).toBe("1");
});

test("a name of JavaScript is no variable", () => {
  const lookup = openEnvironment(process.env, []);
  expect(["__proto__", "constructor", "toString"].map(lookup)).toEqual([undefined, undefined, undefined]);
});

test("a .env that is too large is not read", () => {
  const folder = temporaryProject({ ".env": `A=${"x".repeat(1024 * 1024)}` });
  expect(refusal(() => openEnvironment({}, [join(folder, ".env")])).code).toBe("CONFIG_TOO_LARGE");
});

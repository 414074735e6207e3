import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scriptFault } from "./script-check.ts";

const fault = (files: Readonly<Record<string, string>>): string | null =>
  scriptFault("multi.py", new Map(Object.entries(files)));

test.each([
  [
    "the standard library and Locust are there",
    { "multi.py": "import json, os.path as p\nfrom locust import User" },
    null,
  ],
  ["a module beside it is there", { "multi.py": "from learn import X", "learn.py": "import gevent" }, null],
  [
    "a module that is not there is named",
    { "multi.py": "from learn import X" },
    "multi.py: ModuleNotFoundError: No module named 'learn'",
  ],
  [
    "a module's own imports count too",
    { "multi.py": "import learn", "learn.py": "import faker" },
    "learn.py: ModuleNotFoundError: No module named 'faker'",
  ],
  [
    "requirements.txt brings packages",
    { "multi.py": "import faker", "requirements.txt": "# ours\nFaker==30.0.0\n" },
    null,
  ],
  ["modules that import each other end", { "multi.py": "import a", "a.py": "import b", "b.py": "import a" }, null],
  ["an indented import is conditional", { "multi.py": "try:\n    import faker\nexcept ImportError:\n    pass" }, null],
  ["prose is no import", { "multi.py": '"""\nfrom there import nothing\n"""\n' }, null],
  [
    "a module newer than the engines' Python is not there",
    { "multi.py": "import tomllib" },
    "multi.py: ModuleNotFoundError: No module named 'tomllib'",
  ],
])("%s", (_, files, expected) => {
  expect(fault(files)).toBe(expected);
});

test("the project's own files pass when all are there, and fail when one is missing", () => {
  const folder = "locustfiles";
  const files: Record<string, string> = Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith(".py"))
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
  const all: Record<string, string> = { ...files, "multi.py": readFileSync("multi.py", "utf8") };
  expect(fault(all)).toBeNull();
  const { "mcp_user.py": _, ...some } = all;
  expect(fault(some)).toMatch(/No module named 'mcp_user'$/);
});

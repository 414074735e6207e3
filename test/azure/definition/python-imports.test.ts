import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pythonImports } from "../../../azure/definition/python-imports.ts";
import { temporaryProject } from "../../config/temporary-project.ts";

const modules = (source: string): string[] =>
  pythonImports(source, "/nowhere").imports.map(({ module, line }) => `${module} ${line}`);

test.each<[what: string, source: string, found: readonly string[]]>([
  ["a plain one", "import a", ["a 1"]],
  ["several, with names of their own", "import a.b as c,d\n", ["a 1", "d 1"]],
  ["some of a module", "from a.b import (\n  c,\n  d,\n)\nimport e\n", ["a 1", "e 5"]],
  ["one behind a semicolon", "x = 1;import a;  import b", ["a 1", "b 1"]],
  ["one behind a condition", "try: import a\nexcept ImportError: import b\n", ["a 1", "b 2"]],
  ["one that goes on", "x = 1\nfrom a \\\n  import b\nimport \\\r\n  c", ["a 2", "c 4"]],
  ["one in a function", "def f(a: int = {1: 2}[1]):\n\timport b  # import c\n", ["b 2"]],
  ["none in a text", 'x = "import a"; y = \'\'\'\nimport b\n\'\'\'\n"""it\'s\nimport c"""\nimport d', ["d 6"]],
  ["none in a text with quotes in it", String.raw`x = "a \" ; import b" + 'it\'s'; import c`, ["c 1"]],
  ["none in a comment", "# import a\n#'\nimport b", ["b 3"]],
  ["none of its own package", "from . import a\nfrom .b import c", []],
  ["none that is another word", "important = imports\nfrom_a = 1\nx = {'import': 1}", []],
  ["one after a text that does not end", 'x = "open\nimport a', ["a 2"]],
])("%s is found where it stands", (_what, source, found) => {
  expect(modules(source)).toEqual(found);
});

describe("folders that are put on Python's path", () => {
  test.each<[source: string, found: readonly string[]]>([
    ['sys.path.insert(0, str(Path(__file__).resolve().parent / "lib"))', ["plans/lib"]],
    ['sys.path.append(str(Path(__file__).parent.parent / "locustfiles"))', ["locustfiles"]],
    ['sys.path.append(str(Path(__file__).parents[1] / "shared"))', ["shared"]],
    ['sys.path.append(os.path.join(os.path.dirname(__file__), "..", "shared"))', ["shared"]],
    ['sys.path.append(os.path.dirname(os.path.dirname(__file__)) + "/locustfiles")', ["locustfiles"]],
    ['sys.path += ["lib"]', ["plans/lib"]],
    ['HERE = 1\nsys.path.insert(0, str(HERE.parent / "locustfiles"))', ["locustfiles"]],
    ['sys.path.insert(0, "nowhere")', []],
    ['print(sys.path, "lib")', []],
  ])("%s", (source, found) => {
    const root = temporaryProject({ "locustfiles/a.py": "", "shared/c.py": "", "plans/lib/b.py": "" });
    expect(pythonImports(source, join(root, "plans")).folders).toEqual(found.map((path) => join(root, path)));
  });
});

import { join } from "node:path";
import { expect, test } from "vitest";
import type { TestDefinition } from "../../../azure/definition/test-definition.ts";
import { refusal } from "../../config/temporary-project.ts";
import { define, defineIn, FILES, projectFolder, textOf } from "./project.ts";

const namesOf = ({ files }: TestDefinition): string[] => files.map(({ name }) => name);

const OURS = ["bridge.cjs", "loadtest.yaml", "locust.conf", "requirements.txt"];

test("the folder of locustfiles goes up as a whole, flat; what Python and editors leave behind does not", () => {
  const definition = define({
    files: {
      "locustfiles/data/deep.csv": "a\n",
      "locustfiles/__pycache__/learn.cpython-311.pyc": "",
      "locustfiles/.notes": "",
      "locustfiles/old.pyc": "",
      "unrelated.py": "",
    },
  });
  const python = ["deep.csv", "github.py", "learn.py", "mcp_user.py", "multi.py", "queries.txt"];
  expect(namesOf(definition).sort()).toEqual([...OURS, ...python].sort());
});

test("the script goes last, locust.conf before it", () => {
  const kinds = define({ azure: "  zipArtifacts: [a.zip]\n", files: { "a.zip": "PK" } }).files.map(({ kind }) => kind);
  expect(kinds.slice(-3)).toEqual(["ZIPPED_ARTIFACTS", "USER_PROPERTIES", "TEST_SCRIPT"]);
  expect(new Set(kinds.slice(0, -3))).toEqual(new Set(["ADDITIONAL_ARTIFACTS"]));
});

test("in a flat project only what the locustfile imports and names goes up", () => {
  const folder = projectFolder({
    azure: "  testPlan: flat/test.py\n",
    files: {
      "flat/test.py": 'import os, learner as l\nfrom json import loads\nitems = lines("items.txt")\n# "missing.txt"\n',
      "flat/learner.py": 'class L:\n    server = "learn"\n    def late(self):\n        import deeper.part\n',
      "flat/deeper.py": "",
      "flat/items.txt": "1\n",
      "flat/other.txt": "2\n",
      "flat/setup.py": "",
    },
  });
  const definition = defineIn(folder, { SWARMBRIDGE_BUNDLE: "dist/bridge.cjs" });
  expect(namesOf(definition).sort()).toEqual([...OURS, "deeper.py", "items.txt", "learner.py", "test.py"].sort());
  expect(definition.targets.map(({ name }) => name)).toEqual(["learn"]);
});

test("a locustfile in a folder of its own brings what it puts on Python's path", () => {
  const folder = projectFolder({
    azure: "  testPlan: plans/nightly.py\n",
    files: {
      "plans/nightly.py":
        'import sys, os; sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "locustfiles"))\n' +
        "if True: from learn import LearnUser; import \\\n  shape\n",
      "plans/shape.py":
        'import sys\nfrom pathlib import Path\nsys.path.append(str(Path(__file__).resolve().parent.parent / "shared"))\ntry: import late\nexcept ImportError: late = None\n',
      "shared/late.py": "",
      "shared/other.py": "",
    },
  });
  const definition = defineIn(folder, { SWARMBRIDGE_BUNDLE: "dist/bridge.cjs" });
  const python = ["github.py", "late.py", "learn.py", "mcp_user.py", "nightly.py", "queries.txt", "shape.py"];
  expect(namesOf(definition).sort()).toEqual([...OURS, ...python].sort());
  expect(definition.warnings).toEqual([]);
  expect(definition.targets.map(({ name }) => name)).toEqual(["learn"]);
});

test("an import that nothing known brings is warned of, with its file and line", () => {
  const { warnings } = define({
    azure: "  requirements: [PyYAML==6.0, azure-identity, beautifulsoup4]\n",
    files: {
      "locustfiles/learn.py":
        'from __future__ import annotations\n\nimport json, gevent.pool as pool, yaml, azure.identity, bs4\nimport tomllib\n"""\nimport no\n"""\n\n\nclass L:\n    server = "learn"\n\n    def late(self):\n        from gone.part import x\n',
      "requirements.txt": "locust\n",
    },
  });
  expect(warnings).toEqual([
    expect.stringMatching(/^learn\.py, line 4, imports tomllib: .*azure\.requirements/),
    expect.stringMatching(/^learn\.py, line 14, imports gone: /),
  ]);
});

test("a data file that is named with its folder is warned of: on an engine it lies beside the code", () => {
  const { warnings } = define({
    files: { "locustfiles/learn.py": 'server = "x"\nitems = lines("data/q.txt")\n', "locustfiles/data/q.txt": "1\n" },
  });
  expect(warnings).toEqual([
    "learn.py names data/q.txt: on an engine that file lies beside it, as q.txt. Name it so, here as well.",
  ]);
});

test("a locustfile of the folder is found with its neighbours, and tests its own server", () => {
  const definition = define({ azure: "  testPlan: locustfiles/learn.py\n" });
  expect(definition.files.at(-1)).toMatchObject({ name: "learn.py", kind: "TEST_SCRIPT" });
  expect(namesOf(definition)).toContain("mcp_user.py");
  expect(namesOf(definition)).not.toContain("multi.py");
  expect(definition.targets.map(({ name }) => name)).toEqual(["learn"]);
});

test("a file that is named twice goes up once", () => {
  const definition = define({ azure: "  configurationFiles: [locustfiles/queries.txt, ./locustfiles/queries.txt]\n" });
  expect(namesOf(definition).filter((name) => name === "queries.txt")).toHaveLength(1);
});

test("certificates and lists of identities that the servers name go up, too", () => {
  const definition = define({
    servers: `servers:
  learn:
    url: https://learn.example.com/mcp
    tls: { ca: certs/ca.pem }
    auth: { strategy: bearer, identities: { csv: people/users.csv } }
`,
    azure: "  secrets: { ONE: https://my-vault.vault.azure.net/secrets/one }\n",
    files: { "certs/ca.pem": "PEM", "people/users.csv": "env\nONE\n" },
  });
  expect(namesOf(definition)).toEqual(expect.arrayContaining(["ca.pem", "users.csv"]));
  const settings = definition.files.find(({ name }) => name === "loadtest.yaml")?.from;
  expect(settings).toMatchObject({ text: expect.stringMatching(/ca: ca\.pem\n.*csv: users\.csv/s) });
});

test("data files that traffic names go up, and its servers are tested", () => {
  const definition = define({
    servers: `servers:
  learn:
    url: https://learn.example.com/mcp
    traffic:
      mix:
        - { call: search, arguments: { query: { $lines: data/words.txt } } }
        - steps: [{ parallel: [{ call: read, arguments: { $jsonLines: data/pages.jsonl } }] }]
  github:
    url: https://github.example.com/mcp
`,
    azure: "  testPlan: locustfiles/from_yaml.py\n",
    files: {
      "data/words.txt": "one\n",
      "data/pages.jsonl": "{}\n",
      "locustfiles/from_yaml.py": "from traffic_user import TrafficUser\n",
      "locustfiles/traffic_user.py": 'from mcp_user import McpUser\n"""\n    server = "github"\n"""\n',
    },
  });
  expect(namesOf(definition)).toEqual(expect.arrayContaining(["words.txt", "pages.jsonl"]));
  expect(textOf(definition, "loadtest.yaml")).toMatch(/\$lines: words\.txt[\s\S]*\$jsonLines: pages\.jsonl/);
  expect(definition.targets.map(({ name }) => name)).toEqual(["learn"]);
});

test("a list of identities that names files of this machine does not go up", () => {
  const project = {
    servers: `servers:
  learn:
    url: https://learn.example.com/mcp
    auth: { strategy: bearer, identities: { csv: users.csv } }
`,
    files: { "users.csv": "file\ntokens/one\n" },
  };
  expect(refusal(() => define(project)).faults).toEqual([
    expect.stringMatching(/:4:45 servers\.learn\.auth\.identities\.csv: names files of this machine, which do not go/),
  ]);
});

test("a private key does not go up, whatever it is called, and for whatever server", () => {
  const project = {
    servers: `servers:
  learn:
    url: https://learn.example.com/mcp
  other:
    url: https://other.example.com/mcp
    tls: { cert: c.txt, key: k.txt }
`,
    files: { "c.txt": "C", "k.txt": "K" },
  };
  expect(refusal(() => define(project)).faults).toEqual([
    expect.stringMatching(/:6:25 servers\.other\.tls\.key: is a private key, which does not go to an engine/),
  ]);
});

test("the sizes are those of what is written", () => {
  const folder = projectFolder({});
  const plan = defineIn(folder).files.at(-1);
  expect(plan).toEqual({
    name: "multi.py",
    kind: "TEST_SCRIPT",
    bytes: FILES["multi.py"]?.length,
    from: { path: join(folder, "multi.py") },
  });
});

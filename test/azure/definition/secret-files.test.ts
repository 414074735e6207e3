import { linkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { refusal, temporaryProject } from "../../config/temporary-project.ts";
import { define, defineIn, projectFolder } from "./project.ts";

const OTHER = (auth: string): string => `servers:
  learn:
    url: https://learn.example.com/mcp
  other:
    url: https://other.example.com/mcp
    ${auth}
`;
const KEY = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFHDBOBgkqhkiG9w0BBQ0wQTAp\n";
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n";

test("a file that auth reads a secret from stays here, whatever it is called and whether its server is tested", () => {
  const servers = OTHER("auth: { strategy: bearer, file: locustfiles/other.txt }");
  expect(refusal(() => define({ servers, files: { "locustfiles/other.txt": "swordfish" } })).faults).toEqual([
    expect.stringMatching(/azure\.testPlan: would upload other\.txt, which auth of a server reads its secret from/),
  ]);
});

test("so do the files that a list of identities names", () => {
  const servers = OTHER("auth: { strategy: bearer, identities: { csv: users.csv } }");
  const files = { "users.csv": "file\nlocustfiles/one.txt\n", "locustfiles/one.txt": "swordfish" };
  expect(refusal(() => define({ servers, files })).faults).toEqual([
    expect.stringMatching(/would upload one\.txt, which auth of a server reads its secret from/),
  ]);
});

test("a program that prints a token goes up when it is named", () => {
  const servers = OTHER("auth: { strategy: command, run: [python, locustfiles/show.py] }");
  const { files } = define({ servers, files: { "locustfiles/show.py": "print(1)\n" } });
  expect(files.map(({ name }) => name)).toContain("show.py");
});

describe("a link does not hide what it leads to", () => {
  const linked = (link: (target: string, path: string) => void): string => {
    const folder = projectFolder({
      servers: OTHER("auth: { strategy: bearer, file: other.txt }"),
      azure: "  configurationFiles: [data.txt]\n",
      files: { "other.txt": "swordfish" },
    });
    link(join(folder, "other.txt"), join(folder, "data.txt"));
    return folder;
  };
  test.each([
    ["symbolic", symlinkSync],
    ["hard", linkSync],
  ] as const)("to a file of auth, %s", (_kind, link) => {
    expect(refusal(() => defineIn(linked(link))).faults).toEqual([
      expect.stringMatching(/configurationFiles\.0: would upload data\.txt, which auth of a server reads/),
    ]);
  });

  test("to a file of secrets", () => {
    const folder = projectFolder({ azure: "  configurationFiles: [data.txt]\n", files: { ".env": "A=1" } });
    symlinkSync(".env", join(folder, "data.txt"));
    expect(refusal(() => defineIn(folder)).faults).toEqual([
      expect.stringMatching(/would upload data\.txt, a link to a file of secrets, \.env: put it into Key Vault/),
    ]);
  });
});

test.each([
  ".env.local",
  ".netrc",
  ".npmrc",
  "id_rsa",
  "id_ed25519.bak",
  "credentials.json",
  "credentials",
  "my.token",
  "a.pfx",
  "a.p12",
  "a.key",
])("%s is a file of secrets by its name", (name) => {
  const project = { azure: `  configurationFiles: [${name}]\n`, files: { [name]: "1" } };
  expect(refusal(() => define(project)).faults).toEqual([
    expect.stringContaining(`would upload ${name}, a file of secrets`),
  ]);
});

test.each(["id_map.csv", "id_list", "credentials_page.py", "credentials_questions.csv", "tokens.txt", "keys.csv"])(
  "%s is none",
  (name) => {
    const { files } = define({ azure: `  configurationFiles: [${name}]\n`, files: { [name]: "1" } });
    expect(files.map((file) => file.name)).toContain(name);
  },
);

test.each([
  ["a data file", { azure: "  configurationFiles: [data.txt]\n", files: { "data.txt": `notes\n${KEY}` } }],
  [
    "a list of certificates",
    {
      servers: "servers:\n  learn:\n    url: https://learn.example.com/mcp\n    tls: { ca: all.pem }\n",
      files: { "all.pem": CERTIFICATE + KEY, "multi.py": "from learn import LearnUser\n" },
    },
  ],
])("a private key inside %s is found", (_what, project) => {
  expect(refusal(() => define(project)).faults).toEqual([
    expect.stringMatching(/would upload \S+, which holds a private key/),
  ]);
});

test("files that go up only since a text is their name are said", () => {
  const project = {
    azure: "  testPlan: flat/test.py\n",
    files: { "flat/test.py": 'import b\nopen("token.txt")\nserver = "b.py"\n', "flat/token.txt": "1", "flat/b.py": "" },
    env: { SWARMBRIDGE_BUNDLE: "dist/bridge.cjs" },
  };
  expect(define(project).warnings).toEqual([
    "token.txt: goes up only since a locustfile has that name in a text. Is it the test's?",
  ]);
});

test("files from outside of the project are said, also by a link", () => {
  const elsewhere = temporaryProject({ "far.txt": "1", "linked.txt": "2" });
  const folder = projectFolder({ azure: `  configurationFiles: ["${join(elsewhere, "far.txt")}", near.txt]\n` });
  symlinkSync(join(elsewhere, "linked.txt"), join(folder, "near.txt"));
  expect(defineIn(folder).warnings).toEqual(["far.txt, near.txt: goes up from outside of this project."]);
});

test.each(["a b.txt", "name.", "con.txt", "-rf.txt", "ü.txt", "u\u2028x.txt"])("the name %j is refused", (name) => {
  expect(refusal(() => define({ files: { [`locustfiles/${name}`]: "1" } })).faults).toEqual([
    expect.stringContaining("names a file whose name Azure would not keep"),
  ]);
});

test.each([".swarmbridge-files", "azure-load-test.yaml"])("a file of the user's cannot be called %s", (name) => {
  const project = { azure: `  configurationFiles: [x/${name}]\n`, files: { [`x/${name}`]: "../a\n" } };
  expect(refusal(() => define(project)).faults).toEqual([
    expect.stringContaining(`azure.configurationFiles.0: names ${name}, a name that is ours`),
  ]);
});

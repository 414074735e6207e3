// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation under test
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { ConfigError } from "../../config/config-error.ts";
import { loadSettings } from "../../config/load-settings.ts";
import { load, refusal, temporaryProject } from "./temporary-project.ts";

const URL_LINE = "    url: https://a.example/mcp\n";
const one = (keys: string): string => `servers:\n  a:\n${URL_LINE}${keys}`;

test("an entry with nothing but a url gets every default", () => {
  expect(load(one("")).servers.a).toEqual({
    name: "a",
    url: "https://a.example/mcp",
    transport: "streamable-http",
    stdio: null,
    connections: { pool: "shared", http2: false, family: "any", proxy: null },
    protocol: "auto",
    auth: { strategy: "none" },
    weight: 1,
    getStream: false,
    headers: {},
    limits: { connectMs: 10_000, initializeMs: 30_000, callMs: 60_000, listMs: 30_000, closeMs: 5_000 },
    maxAnswerBytes: 64 * 1024 * 1024,
    results: "kept",
    client: { name: "swarmbridge", version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    tls: {},
    cookies: false,
    answers: { roots: [], sampling: null, elicitation: null },
    canary: null,
    memory: null,
    slo: null,
    allow: null,
  });
});

test("every key arrives in the unit of the settings, its paths absolute", () => {
  const folder = temporaryProject({
    "ca.pem": "",
    "cert.pem": "",
    "key.pem": "",
    "loadtest.yaml": one(`    protocol: 2025-06-18
    auth: { strategy: bearer, file: token.txt, optional: true }
    weight: 0.5
    headers: { X-MCP-Toolsets: "repos" }
    connections: { pool: user, http2: true, proxy: "http://proxy.example:3128", family: ipv6 }
    getStream: true
    limits: { connect: 250ms, initialize: 1.5s, call: 2m, list: 3s, close: 4s }
    maxAnswer: 512KB
    results: dropped
    client: { name: perf-test, version: "1.0" }
    tls: { ca: ca.pem, cert: cert.pem, key: key.pem }
    cookies: true
    answers:
      roots: [{ uri: "file:///work" }]
      sampling: Fine.
      elicitation: { confirm: true, count: 3, name: x }
    canary: query
    memory: { file: memory.txt, key: rss, gc: "http://localhost:1/gc", every: 500ms }
    slo: { p95: 2s, p99: 5s, errors: 0.5% }
    allow: { users: 100, callsPerSecond: 50 }
`),
  });
  expect(loadSettings({ cwd: folder, project: folder, env: {} }, RUN_PARTS).servers.a).toEqual({
    name: "a",
    url: "https://a.example/mcp",
    transport: "streamable-http",
    stdio: null,
    connections: { pool: "user", http2: true, family: "ipv6", proxy: "http://proxy.example:3128" },
    protocol: "2025-06-18",
    auth: { strategy: "bearer", file: "token.txt", optional: true, allowPlainHttp: false },
    weight: 0.5,
    getStream: true,
    headers: { "x-mcp-toolsets": "repos" },
    limits: { connectMs: 250, initializeMs: 1500, callMs: 120_000, listMs: 3000, closeMs: 4000 },
    maxAnswerBytes: 512 * 1024,
    results: "dropped",
    client: { name: "perf-test", version: "1.0" },
    tls: { ca: join(folder, "ca.pem"), cert: join(folder, "cert.pem"), key: join(folder, "key.pem") },
    cookies: true,
    answers: {
      roots: [{ uri: "file:///work" }],
      sampling: "Fine.",
      elicitation: { confirm: true, count: 3, name: "x" },
    },
    canary: "query",
    memory: {
      source: { kind: "file", path: join(folder, "memory.txt"), key: "rss" },
      gcUrl: "http://localhost:1/gc",
      everyMs: 500,
    },
    slo: { p95Ms: 2000, p99Ms: 5000, errorPercent: 0.5 },
    allow: { users: 100, callsPerSecond: 50 },
  });
});

test("anchors and aliases carry a part of one entry to another", () => {
  const { servers } = load(
    `servers:\n  a:\n${URL_LINE}    limits: &slow { call: 2m }\n  b:\n${URL_LINE}    limits: *slow\n`,
  );
  expect(servers.b?.limits.callMs).toBe(120_000);
});

/** Name, file, and the start of every line of the refusal. */
const WRONG: readonly (readonly [name: string, yaml: string, lines: readonly string[]])[] = [
  ["an empty file", "", ["1:1: is empty, must be a map with the keys servers"]],
  ["a list instead of a map", "- a\n", ["1:1: is a list, must be a map"]],
  ["no servers", "servers: {}\n", ["1:1 servers: needs at least one server"]],
  ["an unknown key at the top", `${one("")}server: {}\n`, ["4:1 server: is not a known key; did you mean servers?"]],
  ["a typo in a key", one("    wieght: 3\n"), ["4:5 servers.a.wieght: is not a known key; did you mean weight?"]],
  [
    "a key that resembles none",
    one("    colour: 3\n"),
    ["4:5 servers.a.colour: is not a known key here (known: url, "],
  ],
  [
    "a typo inside a section",
    one("    limits: { cal: 3s }\n"),
    ["4:15 servers.a.limits.cal: is not a known key; did you mean call?"],
  ],
  ["no url", "servers:\n  a:\n    weight: 1\n", ["2:3 servers.a.url: is missing, must be an http or https URL"]],
  ["an entry without keys", "servers:\n  a:\n", ["2:3 servers.a: is empty, must be a map with the keys url, "]],
  ["another scheme", "servers:\n  a:\n    url: ftp://h/\n", ['3:5 servers.a.url: is "ftp://h/", must be an http']],
  [
    "a password in the url",
    "servers:\n  a:\n    url: http://u:hunter2@h/\n",
    ["3:5 servers.a.url: must not hold a user name or password"],
  ],
  [
    "a fragment",
    "servers:\n  a:\n    url: http://h/#x\n",
    ['3:5 servers.a.url: is "http://h/#x", must not have a fragment'],
  ],
  [
    "a key in the query",
    "servers:\n  a:\n    url: http://h/?api_key=hunter2\n",
    ["3:5 servers.a.url: has a secret in its query"],
  ],
  [
    "a weight in words",
    one("    weight: heavy\n"),
    ['4:5 servers.a.weight: is "heavy", must be a number of at least 0'],
  ],
  ["a negative weight", one("    weight: -1\n"), ["4:5 servers.a.weight: is -1, must be a number of at least 0"]],
  ["an infinite weight", one("    weight: .inf\n"), ["4:5 servers.a.weight: is Infinity, must be a number"]],
  [
    "a revision that never was",
    one("    protocol: 2025-01-01\n"),
    ['4:5 servers.a.protocol: is "2025-01-01", must be auto or one of 2024-11-05'],
  ],
  [
    "a time without a unit",
    one("    limits: { call: 10 }\n"),
    ["4:15 servers.a.limits.call: is 10, must be a time such as"],
  ],
  ["a time of nothing", one("    limits: { call: 0s }\n"), ['4:15 servers.a.limits.call: is "0s", must be a time']],
  [
    "a time beyond an hour",
    one("    limits: { call: 61m }\n"),
    ['4:15 servers.a.limits.call: is "61m", must be a time'],
  ],
  [
    "a size in another notation",
    one("    maxAnswer: 64 MB\n"),
    ['4:5 servers.a.maxAnswer: is "64 MB", must be a size'],
  ],
  ["a switch in words", one("    cookies: yes\n"), ['4:5 servers.a.cookies: is "yes", must be true or false']],
  [
    "a strategy that never was",
    one("    auth: { strategy: magic }\n"),
    ['4:13 servers.a.auth.strategy: is "magic", must be none, or'],
  ],
  [
    "a strategy with a typo",
    one("    auth: { strategy: barer }\n"),
    ['4:13 servers.a.auth.strategy: is "barer", must be one of none, bearer'],
  ],
  [
    "bearer by its bare name",
    one("    auth: bearer\n"),
    ["4:5 servers.a.auth: needs its keys: { strategy: bearer, env: GITHUB_MCP_TOKEN }"],
  ],
  [
    "a secret in the place of a key that is not there",
    one("    auth: { strategy: bearer, env: A, clientSecret: hunter2 }\n"),
    ["4:39 servers.a.auth.clientSecret: holds a secret in plain sight"],
  ],
  [
    "bearer without a place",
    one("    auth: { strategy: bearer }\n"),
    ["4:5 servers.a.auth: needs exactly one of env and file"],
  ],
  [
    "bearer with two places",
    one("    auth: { strategy: bearer, env: A, file: b }\n"),
    ["4:5 servers.a.auth: needs exactly one of env and file"],
  ],
  [
    "a token in the place of its name",
    one("    auth: { strategy: bearer, env: hunter2-hunter2 }\n"),
    ["4:31 servers.a.auth.env: must be the name of an environment variable"],
  ],
  [
    "a written secret header",
    one("    headers:\n      X-Api-Key: hunter2\n"),
    ["5:7 servers.a.headers.X-Api-Key: holds a secret in plain sight"],
  ],
  [
    "a secret as a default",
    one("    headers: { Cookie: '${C:-hunter2}' }\n"),
    ["4:16 servers.a.headers.Cookie: holds a secret in plain sight"],
  ],
  [
    "a header of the transport",
    one("    headers: { Mcp-Session-Id: x }\n"),
    ["4:16 servers.a.headers.Mcp-Session-Id: is a header that the bridge sets itself"],
  ],
  ["a header twice", one("    headers: { X-A: b, x-a: c }\n"), ["4:24 servers.a.headers.x-a: is there twice"]],
  [
    "a header value with a line end",
    one('    headers: { X-A: "b\\r\\nX-B: c" }\n'),
    ["4:16 servers.a.headers.X-A: must be text of visible characters"],
  ],
  [
    "two credentials",
    one("    auth: { strategy: bearer, env: A }\n    headers: { Authorization: 'Basic ${SET}' }\n"),
    ["5:16 servers.a.headers.Authorization: is set by auth already"],
  ],
  [
    "a certificate without its key",
    one("    tls: { cert: c.pem }\n"),
    ["4:5 servers.a.tls: needs cert and key together"],
  ],
  [
    "a certificate that is not there",
    one("    tls: { ca: nowhere.pem }\n"),
    ["4:12 servers.a.tls.ca: names a file that is not there"],
  ],
  [
    "allow without a rate",
    one("    allow: { users: 3 }\n"),
    ["4:5 servers.a.allow.callsPerSecond: is missing, must be a number above 0"],
  ],
  ["a share beyond all", one("    slo: { errors: 101% }\n"), ['4:12 servers.a.slo.errors: is "101%", must be a share']],
  [
    "a root that is no file",
    one('    answers: { roots: [{ uri: "http://x" }] }\n'),
    ['4:26 servers.a.answers.roots.0.uri: is "http://x", must be a file:// URI'],
  ],
  [
    "an elicitation of the wrong kind",
    one("    answers: { elicitation: 3 }\n"),
    ["4:16 servers.a.answers.elicitation: is 3, must be defaults, or"],
  ],
  ["a name with capitals", `servers:\n  GitHub:\n${URL_LINE}`, ["2:3 servers.GitHub: is not a name for a server"]],
  [
    "a name of 42 characters",
    `servers:\n  ${"a".repeat(42)}:\n${URL_LINE}`,
    [`2:3 servers.${"a".repeat(42)}: is not a name for a server`],
  ],
  ["a name of JavaScript", `servers:\n  __proto__:\n${URL_LINE}`, ["2:3 servers.__proto__: is not allowed as a name"]],
  ["another one", `servers:\n  constructor:\n${URL_LINE}`, ["2:3 servers.constructor: is not allowed as a name"]],
  ["a server twice", `servers:\n  a:\n${URL_LINE}  a:\n${URL_LINE}`, ["4:3 servers.a: this key is there twice"]],
  ["a variable that is not set", one("    weight: ${NOPE}\n"), ["4:5 servers.a.weight: the variable NOPE is not set"]],
  ["a broken placeholder", one("    weight: ${NO PE}\n"), ["4:5 servers.a.weight: has a ${ that is not ${NAME}"]],
  ["a tab", "servers:\n\ta: 1\n", ["2:1: a tab indents this line"]],
  ["an open bracket", "servers: {\n", ["2:1: "]],
  ["an alias to nothing", "servers: *x\n", ["1:10 servers: this alias (*name) has no anchor"]],
  ["a tag", "servers: !x y\n", ["1:10: tags (!name) are not supported"]],
  ["two documents", "a: 1\n---\nb: 2\n", ["2:1: only one document is allowed"]],
  ["an endless alias", "servers: &s { a: *s }\n", ["1:18 servers.a"]],
  ["a key that is a map", "? { a: b }\n: c\n", ["1:3: a key must be text"]],
];

describe("a wrong configuration is told with its place", () => {
  test.each(WRONG)("%s", (_name, yaml, lines) => {
    const { code, faults } = refusal(() => load(yaml, { SET: "x" }));
    expect(code).toBe("CONFIG_INVALID");
    expect(faults.length).toBeGreaterThanOrEqual(lines.length);
    for (const [index, line] of lines.entries()) expect(faults[index]?.slice("loadtest.yaml:".length)).toContain(line);
    expect(faults.join("\n")).not.toContain("hunter2");
    expect(faults.join("")).not.toMatch(/\n|Invalid input/);
  });
});

test("all faults of a file are told at once, in its order", () => {
  const { faults } = refusal(() =>
    load("servers:\n  b:\n    url: x\n    weight: no\n  a:\n    cookies: 1\n    url: y\n"),
  );
  expect(faults.map((line) => line.split(":", 3).slice(1).join(":"))).toEqual([
    "3:5 servers.b.url",
    "4:5 servers.b.weight",
    "6:5 servers.a.cookies",
    "7:5 servers.a.url",
  ]);
});

test("a file with a thousand faults tells fifty and counts the rest", () => {
  const { faults } = refusal(() => load(one(Array.from({ length: 1000 }, (_, n) => `    key${n}: 1\n`).join(""))));
  expect(faults).toHaveLength(51);
  expect(faults.at(-1)).toBe("loadtest.yaml: and 950 more");
});

describe("values from the environment", () => {
  test("the environment wins over .env beside the file, which wins over .env of the working folder", () => {
    const folder = temporaryProject({
      "here/.env": "A=cwd\nB=cwd\nC=cwd\n",
      "project/.env": "A=file\nB=file\n",
      "project/loadtest.yaml": one("    headers: { x-abc: '${A} ${B} ${C}' }\n"),
    });
    const settings = loadSettings(
      { cwd: join(folder, "here"), project: join(folder, "project"), env: { A: "real" } },
      RUN_PARTS,
    );
    expect(settings.servers.a?.headers).toEqual({ "x-abc": "real file cwd" });
  });

  test("a number, a switch and a time may come from a variable", () => {
    const { a } = load(one("    weight: ${W}\n    cookies: ${C:-true}\n    limits: { call: '${S}s' }\n"), {
      W: "2.5",
      S: "7",
    }).servers;
    expect([a?.weight, a?.cookies, a?.limits.callMs]).toEqual([2.5, true, 7000]);
  });

  test("a variable with a wrong value is told by its place, and its value is not", () => {
    const { faults } = refusal(() => load(one("    weight: ${W}\n"), { W: "hunter2" }));
    expect(faults).toEqual(['loadtest.yaml:4:5 servers.a.weight: is "${W}", must be a number of at least 0']);
  });

  test("an empty variable counts as not set", () => {
    expect(load(one("    weight: ${W:-3}\n"), { W: "" }).servers.a?.weight).toBe(3);
    expect(refusal(() => load(one("    weight: ${W}\n"), { W: "" })).faults[0]).toContain("the variable W is not set");
  });

  test("what a variable holds is not expanded again", () => {
    expect(load(one("    headers: { x-a: '${A}$${B}' }\n"), { A: "${B}", B: "no" }).servers.a?.headers["x-a"]).toBe(
      "${B}${B}",
    );
  });

  test("a header can hold a named secret", () => {
    const yaml = one("    headers: { Authorization: 'Basic ${BASIC}', x-api-key: '${KEY}' }\n");
    const { headers } = load(yaml, { BASIC: "abc", KEY: "def" }).servers.a ?? {};
    expect(headers).toEqual({ authorization: "Basic abc", "x-api-key": "def" });
  });

  test("values of variables are told apart as secrets in headers and behind the ? of a URL, and nowhere else", () => {
    const yaml = `servers:
  a:
    url: http://\${HOST}/mcp?api-key=\${QUERY}&v=\${VERSION:-3}
    headers: { x-a: 'Basic \${HEADER}' }
    weight: \${WEIGHT}
`;
    const variables = { HOST: "localhost:3000", QUERY: "one", HEADER: "two", WEIGHT: "4" };
    expect(load(yaml, variables).carriedSecrets.filter(Boolean)).toEqual(["one", "two"]);
  });
});

describe("MCP_SERVER_URL", () => {
  const aim = { MCP_SERVER_URL: "http://localhost:3000/mcp" };

  test("alone is enough", () => {
    const folder = temporaryProject({});
    const settings = loadSettings({ cwd: folder, project: folder, env: aim }, RUN_PARTS);
    expect(settings).toMatchObject({ source: "MCP_SERVER_URL", isAimed: true });
    expect(Object.keys(settings.servers)).toEqual(["target"]);
    expect(settings.servers.target).toMatchObject({ url: aim.MCP_SERVER_URL, auth: { strategy: "none" } });
  });

  test("with MCP_TOKEN names the token and does not hold it", () => {
    const settings = load("servers: {}\n", { ...aim, MCP_TOKEN: "hunter2" });
    expect(settings.servers.target?.auth).toEqual({ strategy: "bearer", env: "MCP_TOKEN", optional: false });
    expect(JSON.stringify(settings)).not.toContain("hunter2");
  });

  test("may stand in .env", () => {
    const folder = temporaryProject({ ".env": "MCP_SERVER_URL=http://localhost:1/mcp\n" });
    expect(loadSettings({ cwd: folder, project: folder, env: {} }, RUN_PARTS).servers.target?.url).toBe(
      "http://localhost:1/mcp",
    );
  });

  test("keeps the other keys of the file's entry `target`", () => {
    const yaml = "servers:\n  target:\n    url: https://other.example/\n    limits: { call: 5s }\n";
    expect(load(yaml, aim).servers.target).toMatchObject({ url: aim.MCP_SERVER_URL, limits: { callMs: 5000 } });
  });

  test("does not look at other entries, whatever is wrong with them", () => {
    expect(Object.keys(load("servers:\n  other: { url: '${NOPE}', x: 1 }\n", aim).servers)).toEqual(["target"]);
  });

  test("still tells what is wrong with `target`", () => {
    expect(refusal(() => load("servers:\n  target:\n    wieght: 1\n", aim)).faults).toEqual([
      "loadtest.yaml:3:5 servers.target.wieght: is not a known key; did you mean weight?",
    ]);
  });

  test("is not quoted when it is wrong, and a ${ in it means nothing", () => {
    const wrong = refusal(() => load("", { MCP_SERVER_URL: "http://u:hunter2@h/" }));
    expect(wrong.faults).toEqual(["MCP_SERVER_URL: must not hold a user name or password: use auth"]);
    expect(load("servers: {}", { MCP_SERVER_URL: "http://h/${HOME}", HOME: "x" }).servers.target?.url).toBe(
      "http://h/${HOME}",
    );
  });
});

describe("which file", () => {
  const named = (name: string): string => `servers:\n  ${name}:\n${URL_LINE}`;

  test("SWARMBRIDGE_CONFIG, else the working folder, else the locustfile's and its parents", () => {
    const folder = temporaryProject({
      "chosen.yaml": named("chosen"),
      "here/loadtest.yaml": named("here"),
      "project/loadtest.yaml": named("project"),
      "empty/keep": "",
      "project/a/b/c/locustfile.py": "",
      "project/a/b/c/d/locustfile.py": "",
    });
    const found = (cwd: string, project: string, env = {}): string[] => {
      const place = { cwd: join(folder, cwd), project: join(folder, project), env };
      return Object.keys(loadSettings(place, RUN_PARTS).servers);
    };
    expect(found("here", "project", { SWARMBRIDGE_CONFIG: "../chosen.yaml" })).toEqual(["chosen"]);
    expect(found("here", "project")).toEqual(["here"]);
    expect(found("empty", "project")).toEqual(["project"]);
    expect(found("empty", "project/a/b/c")).toEqual(["project"]);
    expect(refusal(() => found("empty", "project/a/b/c/d")).code).toBe("CONFIG_MISSING");
  });

  test("no file at all ends in one sentence that says what to do", () => {
    const folder = temporaryProject({});
    const { code, faults } = refusal(() => loadSettings({ cwd: folder, project: folder, env: {} }, RUN_PARTS));
    expect(code).toBe("CONFIG_MISSING");
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/SWARMBRIDGE_CONFIG.*MCP_SERVER_URL/);
  });

  test("a chosen file that is not there is named", () => {
    const { code, faults } = refusal(() => load("", { SWARMBRIDGE_CONFIG: "demo/other.yaml" }));
    expect(code).toBe("CONFIG_MISSING");
    expect(faults[0]).toContain("SWARMBRIDGE_CONFIG names demo/other.yaml");
  });

  test("a file that is too large is not read", () => {
    expect(refusal(() => load(`# ${"x".repeat(1024 * 1024)}`)).code).toBe("CONFIG_TOO_LARGE");
  });

  test("a .env that cannot be read is told", () => {
    const folder = temporaryProject({ "loadtest.yaml": one("") });
    mkdirSync(join(folder, ".env"));
    const { code, faults } = refusal(() => loadSettings({ cwd: folder, project: folder, env: {} }, RUN_PARTS));
    expect(code).toBe("CONFIG_UNREADABLE");
    expect(faults[0]).toContain("EISDIR");
  });
});

describe("hostile files", () => {
  test("an alias bomb ends in a fault", () => {
    const levels = Array.from(
      { length: 20 },
      (_, n) => `  k${n + 1}: &k${n + 1} [${Array(9).fill(`*k${n}`).join(", ")}]\n`,
    );
    const { code } = refusal(() => load(`servers:\n  k0: &k0 [a]\n${levels.join("")}`));
    expect(code).toBe("CONFIG_INVALID");
  });

  test("a hundred thousand brackets end in a fault", () => {
    expect(refusal(() => load("[".repeat(100_000))).code).toBe("CONFIG_INVALID");
    expect(refusal(() => load(`${"[".repeat(5_000)}${"]".repeat(5_000)}`)).code).toBe("CONFIG_INVALID");
  });

  test("fifty thousand keys end in a fault", () => {
    const keys = Array.from({ length: 50_000 }, (_, n) => `k${n}: 1\n`).join("");
    expect(refusal(() => load(keys)).faults[0]).toContain("too many values");
  });

  test("no key reaches a prototype", () => {
    refusal(() => load('servers: { "__proto__": { polluted: true } }\n__proto__: { polluted: true }\n'));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const { servers } = load(one(""));
    expect(servers.constructor).toBeUndefined();
    expect(servers.toString).toBeUndefined();
  });

  const folderOf = () => temporaryProject({});
  const survives = (folder: string, yaml: string, env: NodeJS.ProcessEnv = {}): void => {
    // One folder serves all runs of a property.
    const file = join(folder, "loadtest.yaml");
    writeFileSync(file, yaml);
    try {
      loadSettings({ cwd: folder, project: folder, env }, RUN_PARTS);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      if (error.faults.length === 0) throw new Error("a refusal without a reason", { cause: error });
    }
  };

  test("any text is accepted or refused with a ConfigError", () => {
    const folder = folderOf();
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => survives(folder, text)),
      { numRuns: 300 },
    );
  });

  test("so is any text made of the characters of YAML", () => {
    const folder = folderOf();
    const unit = fc.constantFrom(..."{}[]:,-&*!|>'\"%@`?#~<=\n\t ab0$.".split(""));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 80 }), (text) => survives(folder, text)),
      { numRuns: 1000 },
    );
  });

  test("so is any value in the place of an entry", () => {
    const folder = folderOf();
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) =>
        survives(folder, JSON.stringify({ servers: { a: value } })),
      ),
      { numRuns: 300 },
    );
  });

  test("so is any value under any known key", () => {
    const folder = folderOf();
    const key = fc.constantFrom(...Object.keys(load(one("")).servers.a ?? {}), "limits", "maxAnswer", "url");
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom("${A}", "${", "${A:-", "entra", "1e999s", "\u0000"),
    );
    fc.assert(
      fc.property(fc.dictionary(key, value), (entry) =>
        survives(folder, JSON.stringify({ servers: { a: { url: "http://h/", ...entry } } }), { A: "\u0000${A}" }),
      ),
      { numRuns: 500 },
    );
  });
});

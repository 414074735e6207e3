// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation under test
import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { describe, describeServers } from "../../config/describe.ts";
import { environmentOf } from "../../config/environment.ts";
import { loadSettings } from "../../config/load-settings.ts";
import { refusal, temporaryProject } from "./temporary-project.ts";

/** What a secret may look like; the prefix is longer than the random part of a folder name, so it never occurs by chance. */
const secret = fc.string({ minLength: 1, maxLength: 40 }).map((text) => `hunter2zq9${text.replace(/[\0\r\n\s]/g, "")}`);

const YAML = `servers:
  env:
    url: https://a.example/mcp?key=\${QUERY_SECRET}
    auth: { strategy: bearer, env: A_TOKEN }
    headers: { x-api-key: "\${HEADER_SECRET}" }
  file:
    url: https://b.example/mcp
    auth: { strategy: bearer, file: token }
`;

/** What a person or a file gets to see, whichever way it is printed. */
const printed = (value: unknown): string => JSON.stringify(value) + inspect(value, { depth: null, showHidden: true });

test("a bearer token never gets into the settings, whatever it is", () => {
  const folder = temporaryProject({ "loadtest.yaml": YAML });
  fc.assert(
    fc.property(secret, (token) => {
      const env = { A_TOKEN: token, MCP_TOKEN: token, QUERY_SECRET: "q", HEADER_SECRET: "h" };
      const settings = loadSettings({ cwd: folder, project: folder, env }, RUN_PARTS);
      expect(printed(settings)).not.toContain(JSON.stringify(token).slice(1, -1));
      expect(environmentOf(settings, env)("A_TOKEN")).toBe(token);
    }),
  );
});

test("a description holds no token, no header's value and no query", () => {
  const folder = temporaryProject({ "loadtest.yaml": YAML });
  const env = { A_TOKEN: "hunter1", QUERY_SECRET: "hunter2", HEADER_SECRET: "hunter3" };
  const settings = loadSettings({ cwd: folder, project: folder, env }, RUN_PARTS);
  expect(settings.servers.env?.headers).toEqual({ "x-api-key": "hunter3" });
  const told = printed([describe(settings, () => null), describeServers(settings)]);
  expect(told).not.toContain("hunter");
  expect(told).toContain("https://a.example/mcp");
  expect(told).toContain("A_TOKEN");
});

test("a refusal quotes no value of the environment, wherever it was used", () => {
  const places = [
    "url: '${S}'",
    "url: 'ftp://${S}/'",
    "url: http://h/\n    weight: ${S}",
    "url: http://h/\n    auth: { strategy: bearer, env: '${S} -' }",
    "url: http://h/\n    auth: { strategy: '${S}', env: A }",
    'url: http://h/\n    headers: { x-a: "${S}\\n" }',
    "url: http://h/\n    limits: { call: '${S}' }",
    "url: http://h/\n    protocol: ${S}",
  ];
  const folder = temporaryProject({});
  fc.assert(
    fc.property(secret, fc.constantFrom(...places), (value, place) => {
      const yaml = temporaryProject({ "loadtest.yaml": `servers:\n  a:\n    ${place}\n` });
      const error = refusal(() => loadSettings({ cwd: folder, project: yaml, env: { S: value } }, RUN_PARTS));
      expect(printed(error) + error.stack).not.toContain("hunter2zq9");
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["a header", 'headers: { authorization: "Bearer TOKEN" }'],
  ["a header with a harmless name", 'headers: { x-team: "TOKEN" }'],
  ["the name of a variable", "auth: { strategy: bearer, env: TOKEN }"],
  ["a file", "auth: { strategy: bearer, file: TOKEN }"],
  ["a strategy", "auth: { strategy: TOKEN }"],
  ["auth itself", "auth: TOKEN"],
  ["an unknown key", "TOKEN: 1"],
  ["a weight", "weight: TOKEN"],
  ["a broken line", "weight: [TOKEN"],
  ["an alias", "weight: *TOKEN"],
  ["a tag", "weight: !TOKEN 3"],
])("a token that was pasted into %s is refused and not quoted", (_place, line) => {
  for (const token of ["ghp_16C7e42F292c6912E7710c838347Ae178B4a", "0123456789abcdef0123456789abcdef"]) {
    const folder = temporaryProject({
      "loadtest.yaml": `servers:\n  a:\n    url: http://h/\n    ${line.replace("TOKEN", token)}\n`,
    });
    const attempt = () => loadSettings({ cwd: folder, project: folder, env: {} }, RUN_PARTS);
    expect(printed(refusal(attempt))).not.toContain(token);
  }
});

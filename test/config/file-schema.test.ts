import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { authSchema } from "../../auth/auth-schema.ts";
import { jsonSchema } from "../../config/file-schema.ts";
import { loadSettings } from "../../config/load-settings.ts";
import { temporaryProject } from "./temporary-project.ts";

const root = new URL("../../", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), "utf8");

interface Rule {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Rule>>;
  readonly additionalProperties?: Rule | false;
  readonly items?: Rule;
  readonly anyOf?: readonly Rule[];
  readonly oneOf?: readonly Rule[];
  readonly const?: unknown;
}

/** Every key that a user may write, with its rule. */
const keysOf = (rule: Rule): [string, Rule][] => [
  ...Object.entries(rule.properties ?? {}).flatMap(([key, below]): [string, Rule][] => [
    [key, below],
    ...keysOf(below),
  ]),
  ...[rule.additionalProperties || {}, rule.items ?? {}, ...(rule.anyOf ?? []), ...(rule.oneOf ?? [])]
    .filter((below) => Object.keys(below).length > 0)
    .flatMap(keysOf),
];

const keys = keysOf(jsonSchema(authSchema) as Rule);

test("loadtest.schema.json is what the rules say (node auth/write-schema.ts)", () => {
  expect(JSON.parse(read("loadtest.schema.json"))).toEqual(jsonSchema(authSchema));
});

test("the walk over the schema finds the deepest keys", () => {
  expect(keys.map(([key]) => key)).toEqual(expect.arrayContaining(["url", "callsPerSecond", "uri", "strategy", "p99"]));
});

test.each(keys)("%s is explained to editors", (_key, rule) => {
  expect(rule.description ?? rule.const).toBeTruthy();
});

test.each(keys)("%s stands in docs/configuration.md", (key) => {
  expect(read("docs/configuration.md")).toMatch(new RegExp(`^\\|[^|]*\`${key}\``, "m"));
});

test("the repository's own loadtest.yaml is good without any variable, and names the four hosted servers", () => {
  const empty = temporaryProject({});
  const settings = loadSettings({ cwd: empty, project: new URL("locustfiles", root).pathname, env: {} }, authSchema);
  expect(Object.values(settings.servers).map(({ name, url }) => [name, url])).toEqual([
    ["learn", "https://learn.microsoft.com/api/mcp"],
    ["context7", "https://mcp.context7.com/mcp"],
    ["azure-devops", "https://mcp.dev.azure.com/"],
    ["github", "https://api.githubcopilot.com/mcp/"],
  ]);
  expect(read("loadtest.yaml").split("\n")[0]).toBe("# yaml-language-server: $schema=./loadtest.schema.json");
});

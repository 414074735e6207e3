import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { STRATEGIES } from "../../auth/strategies.ts";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { FILE_PARTS } from "../../cli/file-parts.ts";
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

const schema = jsonSchema(FILE_PARTS) as Rule;
const keys = keysOf(schema);
const [, authRule = {}] = keys.find(([key]) => key === "auth") ?? [];
const authRules = new Set(keysOf(authRule).map(([, rule]) => rule));
/** Parts with a page of their own. */
const PAGES = {
  failureCriteria: "docs/gate.md",
  azure: "docs/azure.md",
  load: "docs/traffic.md",
  traffic: "docs/traffic.md",
  telemetry: "docs/formats.md",
} as const;
const [pageOf, ofOtherPages] = otherPages();
/** One for each strategy, by its name. */
const strategies = keysOfStrategies(authRule);

test("loadtest.schema.json is what the rules say (node cli/write-schema.ts)", () => {
  expect(JSON.parse(read("loadtest.schema.json"))).toEqual(jsonSchema(FILE_PARTS));
});

test("the walk over the schema finds the deepest keys", () => {
  expect(keys.map(([key]) => key)).toEqual(expect.arrayContaining(["url", "callsPerSecond", "uri", "strategy", "p99"]));
});

test.each(keys)("%s is explained to editors", (_key, rule) => {
  expect(rule.description ?? rule.const).toBeTruthy();
});

const inTable = (key: string): RegExp => new RegExp(`^\\|[^|]*\`${key}\``, "m");

test.each(keys.filter(([, rule]) => !authRules.has(rule) && !ofOtherPages.has(rule)))(
  "%s stands in docs/configuration.md",
  (key) => {
    expect(read("docs/configuration.md")).toMatch(inTable(key));
  },
);

test.each(pageOf)("%s stands in %s", (key, page) => {
  expect(read(page)).toMatch(inTable(key));
});

test("the walk over auth finds all strategies", () => {
  expect(Object.keys(strategies).sort()).toEqual(Object.keys(STRATEGIES).sort());
});

/** `## NAME` of docs/auth.md up to the next section of that rank, and the sections that are for all of them. */
const sections = (...names: readonly string[]): string =>
  names.map((name) => read("docs/auth.md").split(`\n## ${name}\n`)[1]?.split("\n## ")[0] ?? "").join("\n");

test.each(Object.entries(strategies).flatMap(([name, rule]) => keysOf(rule).map(([key]) => [key, name] as const)))(
  "%s of %s stands in docs/auth.md, in its section or in those for all",
  (key, name) => {
    expect(sections(name, "Keys that every strategy has", "identities", "keyvault", "entra")).toMatch(inTable(key));
  },
);

test("the repository's own loadtest.yaml is good without any variable, and names the four hosted servers", () => {
  const empty = temporaryProject({});
  const settings = loadSettings({ cwd: empty, project: new URL("locustfiles", root).pathname, env: {} }, RUN_PARTS);
  expect(Object.values(settings.servers).map(({ name, url }) => [name, url])).toEqual([
    ["learn", "https://learn.microsoft.com/api/mcp"],
    ["context7", "https://mcp.context7.com/mcp"],
    ["azure-devops", "https://mcp.dev.azure.com/"],
    ["github", "https://api.githubcopilot.com/mcp/"],
  ]);
  expect(read("loadtest.yaml").split("\n")[0]).toBe("# yaml-language-server: $schema=./loadtest.schema.json");
});

/** Of a part of the file, or of a server. */
function ruleOf(part: string): Rule {
  const server = schema.properties?.servers?.additionalProperties || {};
  return schema.properties?.[part] ?? server.properties?.[part] ?? {};
}

/** Every key below a part with its page, and the rules of them. The keys of a credential are auth's. */
function otherPages(): [[string, string][], ReadonlySet<Rule>] {
  const below = Object.entries(PAGES).flatMap(([part, page]) =>
    keysOf(ruleOf(part)).map(([key, rule]) => ({ key, rule, page })),
  );
  const [, credential = {}] = keysOf(schema.properties?.azure ?? {}).find(([key]) => key === "credential") ?? [];
  const auths = new Set(keysOf(credential).map(([, rule]) => rule));
  return [
    below.filter(({ rule }) => !auths.has(rule)).map(({ key, page }) => [key, page]),
    new Set(below.map(({ rule }) => rule)),
  ];
}

function keysOfStrategies(rule: Rule): Record<string, Rule> {
  const inner = [...(rule.anyOf ?? []), ...(rule.oneOf ?? [])];
  const named = rule.properties?.strategy?.const;
  return Object.assign(typeof named === "string" ? { [named]: rule } : {}, ...inner.map(keysOfStrategies));
}

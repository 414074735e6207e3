import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { TEST_YAML } from "../../azure/definition/upload-set.ts";
import packageJson from "../../package.json" with { type: "json" };
import { commandFault, swarmbridgeWords } from "./typed-command.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const EXAMPLES = join(ROOT, "examples");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const paths = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" })
  .map((path) => `examples/${path.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".yml"));

interface Step {
  readonly uses?: string;
  readonly task?: string;
  readonly run?: string;
  readonly script?: string;
  readonly inputs?: Readonly<Record<string, string>>;
}
interface Pipeline {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const pipeline = (path: string): Pipeline => parse(read(path));
const stepsOf = (path: string): Step[] => Object.values(pipeline(path).jobs).flatMap(({ steps }) => steps);
const shellLines = (path: string): string[] =>
  stepsOf(path).flatMap(({ run, script, inputs }) => (run ?? script ?? inputs?.inlineScript ?? "").split("\n"));

test("there are two ways on GitHub, two on Azure DevOps, and one without Azure", () => {
  expect(paths.toSorted()).toEqual([
    "examples/azure-devops/azure-load-test-task.yml",
    "examples/azure-devops/azure-submit.yml",
    "examples/github/azure-load-testing-action.yml",
    "examples/github/azure-submit.yml",
    "examples/github/local-gate.yml",
  ]);
});

describe.each(paths)("%s", (path) => {
  const steps = stepsOf(path);

  test("types only commands and options that there are", async () => {
    const commands = shellLines(path).flatMap((line) => swarmbridgeWords(line) ?? []).length;
    expect(commands).toBeGreaterThan(0);
    for (const line of shellLines(path)) {
      const words = swarmbridgeWords(line);
      if (words !== null) expect(await commandFault(words), line).toBeNull();
    }
  });

  test("runs scripts of package.json, and names files that there are", () => {
    const lines = shellLines(path).join("\n");
    for (const [, script = ""] of lines.matchAll(/npm run ([\w-]+)/g))
      expect(packageJson.scripts).toHaveProperty(script);
    for (const [, file = ""] of lines.matchAll(/ (?:-f|-c|-r) ([\w./-]+\.\w+)/g)) {
      expect(existsSync(join(ROOT, file)), file).toBe(true);
    }
    for (const [, file] of read(path).matchAll(/loadTestConfigFile: (.*)/g))
      expect(file).toBe(`build/azure/${TEST_YAML}`);
  });

  test("pins each action and task to a version", () => {
    for (const { uses, task } of steps) {
      if (uses !== undefined) expect(uses).toMatch(/^[\w.-]+\/[\w.-]+@(?:v\d+|[0-9a-f]{40})$/);
      if (task !== undefined) expect(task).toMatch(/^[A-Za-z]+@\d+$/);
    }
  });

  test("logs in without a stored secret, and asks GitHub for no more than that takes", () => {
    expect(read(path)).not.toMatch(/\$\{\{\s*secrets\.|client-secret|password|AZURE_CLIENT_SECRET|creds:/i);
    if (!path.startsWith("examples/github/")) return;
    const logsIn = steps.some(({ uses }) => uses?.startsWith("azure/login@"));
    expect(pipeline(path).permissions).toEqual({ contents: "read", ...(logsIn && { "id-token": "write" }) });
  });

  test("stands in docs/ci.md", () => {
    expect(read("docs/ci.md")).toContain(`(../${path})`);
  });
});

test("docs/ci.md types only commands and options that there are", async () => {
  const blocks = [...read("docs/ci.md").matchAll(/```(?:sh|yaml)\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
  const spans = [...read("docs/ci.md").matchAll(/`(swarmbridge [^`]+)`/g)].map(([, text = ""]) => text);
  const lines = [...blocks.flatMap((block) => block.split("\n")), ...spans];
  const commands = lines.map(swarmbridgeWords).filter((words) => words !== null);
  expect(commands.length).toBeGreaterThan(5);
  for (const words of commands) expect(await commandFault(words), words.join(" ")).toBeNull();
});

describe("the check of what is typed", () => {
  test("finds the words of a command, and only of that", () => {
    expect(swarmbridgeWords('  npx swarmbridge gate --junit a.xml --markdown "$A B" && echo x')).toEqual([
      ...["gate", "--junit", "a.xml", "--markdown", "$A B"],
    ]);
    expect(swarmbridgeWords("# swarmbridge gate")).toBeNull();
    expect(swarmbridgeWords("pip install swarmbridge-x")).toBeNull();
  });

  test.each([
    ["azure submit --nothing", /unknown option/],
    ["azure summit", /unknown command/],
    ["gate one two", /too many arguments/],
    ["azure", /outputHelp/],
  ])("refuses %s", async (line, fault) => {
    expect(await commandFault(line.split(" "))).toMatch(fault);
  });
});

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { Redactor } from "../../bridge/redactor.ts";
import { azureYaml } from "../../cli/azure/yaml.ts";
import { FILE_PARTS } from "../../cli/file-parts.ts";
import { styleFor } from "../../cli/style.ts";
import { loadFile } from "../../config/load-settings.ts";
import { projectFolder } from "../azure/definition/project.ts";

const MAIN = join(import.meta.dirname, "..", "..", "cli", "main.ts");

const AZURE = `  resourceGroup: load-tests
  resource: mcp-load
  engineInstances: 2
  secrets: { GITHUB_MCP_TOKEN: https://my-vault.vault.azure.net/secrets/github-mcp }
`;

const typed = (folder: string, { out = "build/azure", print = false } = {}): { code: number; said: string } => {
  let said = "";
  const output = {
    print: (text: string) => {
      said += `${text}\n`;
    },
    style: styleFor({}, {}),
    env: {},
    redactor: new Redactor(),
  };
  const code = azureYaml(
    loadFile({ cwd: folder, project: folder, env: {} }, FILE_PARTS),
    { out, print, cwd: folder },
    output,
  );
  return { code, said };
};

test("it says what was written, what to know, and what to type next in each of the three ways", () => {
  const folder = projectFolder({ azure: AZURE, files: { "locust.conf": "users = 40\nrun-time = 2m\nweb-host = a\n" } });
  const { code, said } = typed(folder);
  expect(code).toBe(0);
  expect(said.split("\n")).toEqual([
    "mcp-nightly: 40 users on 2 engines for 120 s, against learn, github",
    expect.stringMatching(
      /^Written to build\/azure: azure-load-test\.yaml and 9 files, \d kB \(the largest: loadtest\.yaml, 1 kB\)$/,
    ),
    "! locust.conf: web-host stays here, an engine has no web UI.",
    "",
    "With the az CLI (from the second time on: update in the place of create)",
    "  cd build/azure",
    "  az load test create --test-id mcp-nightly --load-test-config-file azure-load-test.yaml \\",
    "      --load-test-resource mcp-load --resource-group load-tests",
    "  az load test-run create --test-id mcp-nightly --test-run-id mcp-nightly-1 \\",
    "      --load-test-resource mcp-load --resource-group load-tests",
    "With Azure DevOps",
    "  - task: AzureLoadTest@1",
    "    inputs:",
    "      azureSubscription: SERVICE-CONNECTION",
    "      loadTestConfigFile: build/azure/azure-load-test.yaml",
    "      loadTestResource: mcp-load",
    "      resourceGroup: load-tests",
    "With GitHub Actions (after azure/login)",
    "  - uses: azure/load-testing@v1",
    "    with:",
    "      loadTestConfigFile: build/azure/azure-load-test.yaml",
    "      loadTestResource: mcp-load",
    "      resourceGroup: load-tests",
    "",
  ]);
  expect(readdirSync(join(folder, "build/azure"))).toContain("azure-load-test.yaml");
});

test("what it prints to type is taken by a shell and by Azure, however long the testId and odd the folder", () => {
  const folder = projectFolder({ azure: AZURE });
  const yaml = join(folder, "loadtest.yaml");
  const testId = "m".repeat(50);
  writeFileSync(yaml, readFileSync(yaml, "utf8").replace("mcp-nightly", testId));
  const { said } = typed(folder, { out: "it's a folder" });
  expect(said).toContain("  cd 'it'\\''s a folder'\n");
  expect(said).toMatch(/--test-run-id m{48}-1 /);
});

test("--print is the YAML alone, and writes nothing", () => {
  const folder = projectFolder({ azure: AZURE });
  const { said } = typed(folder, { print: true });
  expect(parse(said)).toMatchObject({ version: "v0.1", testId: "mcp-nightly", testType: "Locust", engineInstances: 2 });
  expect(existsSync(join(folder, "build"))).toBe(false);
  typed(folder);
  expect(readFileSync(join(folder, "build/azure/azure-load-test.yaml"), "utf8")).toBe(said);
});

test("typed as a command, wrong input ends with code 3, each fault on a line of its own, and writes nothing", () => {
  const folder = projectFolder({ azure: "  publicIPDisabled: true\n  env: { MY_TOKEN: swordfish }\n" });
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "azure", "yaml"], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
  expect(stderr.split("\n")).toEqual([
    expect.stringMatching(/^loadtest\.yaml:8:3 azure\.publicIPDisabled: needs subnetId/),
    expect.stringMatching(/^loadtest\.yaml:9:10 azure\.env\.MY_TOKEN: has the name of a secret/),
    "→ correct the lines above (docs/configuration.md)",
    "",
  ]);
  expect(existsSync(join(folder, "build"))).toBe(false);
});

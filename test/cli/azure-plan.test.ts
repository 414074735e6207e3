import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryProject } from "../config/temporary-project.ts";
import { FakeLoadTesting } from "../fakes/load-testing/fake-load-testing.ts";

/** The command as a process, against the strict fake of Azure. */

vi.setConfig({ testTimeout: 60_000 });

const MAIN = join(import.meta.dirname, "..", "..", "cli", "main.ts");
const FAST = join(import.meta.dirname, "fast-azure.ts");

const indented = (yaml: string): string => yaml.trimEnd().replaceAll(/^/gm, "  ");

const project = (fake: FakeLoadTesting): string =>
  temporaryProject({
    "loadtest.yaml": `servers:
  mine: { url: "http://127.0.0.1:9/mcp", auth: { strategy: bearer, env: MINE_TOKEN } }
failureCriteria:
  - p95(response_time_ms) > 1000
azure:
${indented(fake.settingsYaml)}
  testId: nightly
  description: "see https://wiki.example.com/x?page=7  and page 8"
  testPlan: mine.py
  engineInstances: 2
  env: { ORG: contoso }
  secrets: { MINE_TOKEN: "${fake.world.vaultUrl}/secrets/token" }
`,
    "locust.conf": "users = 30\nspawn-rate = 5\nrun-time = 10m\n",
    "mine.py": "from locust import User\n",
    "bridge.cjs": "",
  });

const started = async (): Promise<FakeLoadTesting> => {
  const fake = new FakeLoadTesting();
  await fake.start();
  onTestFinished(() => fake.stop());
  return fake;
};

const run = async (words: readonly string[], cwd: string, env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, words, {
    cwd,
    env: { PATH: process.env.PATH ?? "", SWARMBRIDGE_BUNDLE: "bridge.cjs", ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, err };
};

const plan = (cwd: string, words: readonly string[], env: Readonly<Record<string, string>>) =>
  run([MAIN, "azure", "plan", ...words], cwd, env);

test("a plan of a test that is not there yet only asks, and is ready", async () => {
  const fake = await started();
  const { code, out, err } = await plan(project(fake), [], fake.variables);
  expect(err).toBe("");
  expect(out).toContain("test nightly\n  would be created");
  expect(out).toContain("30 users for 10 min 00 s on 2 engines");
  expect(out).toMatch(/✓ role of this login: has Load Test Contributor/);
  expect(out).toMatch(/✓ secrets of fake-vault for the system identity: has Key Vault Secrets User/);
  expect(out).toContain("✓ engines a run in westeurope: 2 wanted, 45 allowed");
  expect(out).toContain("Ready. Nothing was changed or started.");
  expect(code).toBe(0);
  expect(fake.requests.length).toBeGreaterThan(5);
  expect(fake.requests.filter(({ method }) => method !== "GET")).toEqual([]);
});

test("what is missing at Azure ends with 4, each in a line of the JSON", async () => {
  const fake = await started();
  fake.world.vaults.clear();
  fake.world.systemPrincipalId = null;
  fake.world.quotas.splice(0, 3, { name: "maxEngineInstancesPerTestRun", limit: 1, usage: 0 });
  const { code, out } = await plan(project(fake), ["--json"], fake.variables);
  const told = JSON.parse(out);
  expect(told).toMatchObject({ version: 1, exitCode: 4, isReady: false, test: { change: "create" } });
  const missing = told.checks.filter(({ state }: { state: string }) => state === "missing");
  expect(missing.map(({ id }: { id: string }) => id)).toEqual(["identity", "quota"]);
  expect(told.checks).toContainEqual(expect.objectContaining({ id: "vault", state: "unclear" }));
  expect(code).toBe(4);
  expect(out).not.toContain("contoso");
  expect(fake.requests.filter(({ method }) => method !== "GET")).toEqual([]);
});

test("offline nobody is asked, and no login is needed", async () => {
  const fake = await started();
  const { code, out, err } = await plan(project(fake), ["--offline"], {});
  expect(err).toBe("");
  expect(out).toContain("not looked at");
  expect(out).toContain("Nothing was asked at Azure");
  expect(code).toBe(0);
  expect(fake.requests).toEqual([]);
});

test("what was submitted is the same, and each later change is a difference", async () => {
  const fake = await started();
  const cwd = project(fake);
  const submitted = await run([FAST, "submit", "--detach"], cwd, fake.variables);
  expect(submitted.code, submitted.err).toBe(0);

  const { out } = await plan(cwd, [], fake.variables);
  expect(out).toContain("is at Azure as it is here");

  const file = join(cwd, "loadtest.yaml");
  const yaml = readFileSync(file, "utf8");
  writeFileSync(
    file,
    yaml
      .replace("> 1000", "> 900")
      .replace("ORG: contoso", "TEAM: hidden-value")
      .replace("engineInstances: 2", "engineInstances: 3"),
  );
  writeFileSync(join(cwd, "mine.py"), "from locust import User, task\n");
  fake.requests.length = 0;
  const changed = await plan(cwd, ["--json"], fake.variables);
  expect(JSON.parse(changed.out).test).toMatchObject({ change: "update" });
  const differences = JSON.parse(changed.out).test.differences.map(
    ({ how, what }: { how: string; what: string }) => `${how} ${what}`,
  );
  expect(differences).toEqual([
    "changed engineInstances",
    "added criterion p95(response_time_ms) > 900",
    "removed criterion p95(response_time_ms) > 1000",
    "removed env ORG",
    "changed env SWARMBRIDGE_ENGINES",
    "added env TEAM",
    "changed file mine.py",
  ]);
  expect(changed.out).not.toMatch(/contoso|hidden-value/);
  expect(fake.requests.filter(({ method }) => method !== "GET")).toEqual([]);
});

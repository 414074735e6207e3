import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleOptions } from "../../../scripts/build.mjs";
import { FakeEntra } from "../../fakes/entra.ts";
import { TEST_CA } from "../../fakes/faulty-server.ts";
import { FakeKeyVault } from "../../fakes/key-vault.ts";
import { FAKE_BROWSER } from "./fake-browser.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "bundled-"));
const entra = new FakeEntra();
const vault = new FakeKeyVault(() => `${entra.url}/${entra.tenantId}`);

beforeAll(() => Promise.all([entra.start(), vault.start()]));
afterAll(async () => {
  await Promise.all([entra.stop(), vault.stop()]);
  rmSync(folder, { recursive: true });
});

test("the bridge's bundle loads nothing of Azure before it is wanted", async () => {
  const { metafile } = await build({
    ...bundleOptions,
    entryPoints: ["bridge/main.ts"],
    outdir: folder,
    write: false,
    metafile: true,
  });
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind, external } of metafile.inputs[path]?.imports ?? []) {
      if (kind !== "dynamic-import" && !external) load(next);
    }
  };
  load("bridge/main.ts");
  const isAzure = (path: string): boolean => path.includes("node_modules/@azure/");
  expect([...loaded].filter(isAzure)).toEqual([]);
  expect(Object.keys(metafile.inputs).some(isAzure)).toBe(true);
});

/** A program as small as can be, in the bundle's way: one CommonJS file, no `import.meta.url`, nothing beside it. */
const PROGRAM = `
import { sharedAzure } from "./auth/azure/shared-azure.ts";
import { login } from "./auth/azure/login.ts";
const asker = { lookup: (name: string) => process.env[name], learn: () => undefined };
const [what, credential, vault] = JSON.parse(process.argv[2] ?? "");
const main = async () => {
  const azure = await sharedAzure(asker);
  if (what === "secret") return (await azure.secret(credential, { vault, secret: "t", version: null })).value;
  const { username } = await login(credential, "api://mcp/.default", asker);
  return username + " " + (await azure.token(credential, "api://mcp/.default")).value;
};
main().then(console.log);
`;

test("a bundle gets a secret with a token, and logs in with a browser", async () => {
  const bundle = join(folder, "program.cjs");
  const ca = join(folder, "ca.pem");
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const { absWorkingDir } = bundleOptions;
  await build({
    ...bundleOptions,
    stdin: { contents: PROGRAM, resolveDir: absWorkingDir ?? "", loader: "ts" },
    outfile: bundle,
  });
  writeFileSync(ca, TEST_CA.certPem);
  writeFileSync(join(bin, "xdg-open"), FAKE_BROWSER);
  chmodSync(join(bin, "xdg-open"), 0o755);
  vault.put("t", "from the vault");

  const env = {
    PATH: bin,
    NODE_EXTRA_CA_CERTS: ca,
    XDG_CONFIG_HOME: join(folder, "config"),
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.clientId,
    AZURE_CLIENT_SECRET: entra.clientSecret,
  };
  const own = {
    authorityHost: entra.url,
    instanceDiscovery: false,
    clientId: entra.clientId,
    tenantId: entra.tenantId,
  };
  const answer = async (...words: unknown[]) =>
    (await run(process.execPath, [bundle, JSON.stringify(words)], { env, cwd: folder })).stdout.trim();

  expect(await answer("secret", { ...own, use: "environment" }, vault.url)).toBe("from the vault");
  if (process.platform !== "linux") return;
  expect(await answer("login", { ...own, use: "browser" })).toBe(`ada@example.test ${entra.tokens.at(-1)}`);
});

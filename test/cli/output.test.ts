import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryProject } from "../config/temporary-project.ts";
import { TEST_CA } from "../fakes/faulty-server.ts";
import { openServer, Scene, SECRETS, yamlOf } from "./set-ups.ts";

const MAIN = join(import.meta.dirname, "..", "..", "cli", "main.ts");

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(() => scene.close());

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** `auth check` as a process. */
const checked = async ({ cwd, env }: Place): Promise<{ code: number | null; out: string; err: string }> => {
  const child = spawn(process.execPath, [MAIN, "auth", "check"], { cwd, env: { PATH: process.env.PATH, ...env } });
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

describe("what libraries print when their debugging is on is free of secrets", () => {
  test("of Azure's, on the way to a secret in a vault", async () => {
    scene.vault.put("mcp-token", SECRETS.good);
    const auth = `{ strategy: keyvault, vault: "${scene.vault.url}", secret: mcp-token, credential: ${scene.credential} }`;
    const cwd = temporaryProject({ "loadtest.yaml": yamlOf({ auth }, scene), "ca.pem": TEST_CA.certPem });
    const talkative = { AZURE_LOG_LEVEL: "verbose", NODE_DEBUG: "*", DEBUG: "*" };
    const trusting = { NODE_EXTRA_CA_CERTS: join(cwd, "ca.pem") };
    const { code, out, err } = await checked({
      cwd,
      env: { ...scene.azureVariables, ...talkative, ...trusting },
    });
    expect([code, out]).toEqual([0, expect.stringContaining("secret mcp-token")]);
    for (const said of ["azure:identity", "azure:keyvault", "HTTP "]) expect(err).toContain(said);
    expect(scene.entra.tokens).toHaveLength(1);
    for (const secret of [SECRETS.good, SECRETS.clientSecret, ...scene.entra.tokens]) {
      expect(out + err).not.toContain(secret);
    }
  });

  test("of the client, about a key that stands in the server's URL", async () => {
    const key = "canary-7d1f-api-key";
    const url = `${await scene.serve(openServer())}?key=\${API_KEY}`;
    const cwd = temporaryProject({ "loadtest.yaml": `servers:\n  mine:\n    url: ${url}\n    auth: none\n` });
    const { code, out, err } = await checked({ cwd, env: { API_KEY: key, NODE_DEBUG: "fetch,undici" } });
    expect(code).toBe(0);
    expect(err).toContain("key=[redacted]");
    expect(out + err).not.toContain(key);
  });
});

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { azureCredentialSchema } from "../../auth/azure/credential-schema.ts";
import { sharedAzure } from "../../auth/azure/shared-azure.ts";
import { load } from "../../bridge/mode/make-bridge.ts";
import { Redactor } from "../../bridge/redactor.ts";
import { takeSecrets } from "../../bridge/take-secrets.ts";
import { serverSettings } from "../server-settings.ts";

const CANARIES = {
  MINE_TOKEN: "canary-of-bearer",
  USER_A: "canary-of-identity",
  CLIENT_SECRET: "canary-of-oauth",
  TOOL_TOKEN: "canary-of-command",
  SHARED_KEY: "canary-of-header",
  COPY_OF_IT: "canary-of-header",
  AZURE_CLIENT_SECRET: "canary-of-azure",
  SWARMBRIDGE_HTTP_TOKEN: "canary-of-the-face",
};
const YAML = `servers:
  one:
    url: https://mcp.example.com/mcp
    headers: { X-Api-Key: "\${SHARED_KEY}" }
    auth: { strategy: bearer, env: MINE_TOKEN }
  two: { url: "https://mcp.example.com/mcp", auth: { strategy: bearer, identities: { env: [USER_A] } } }
  three:
    url: https://mcp.example.com/mcp
    auth: { strategy: oauth, clientId: { env: AZURE_CLIENT_ID }, clientSecret: { env: CLIENT_SECRET } }
  four: { url: "https://mcp.example.com/mcp", auth: { strategy: command, run: [tool], env: [TOOL_TOKEN] } }
`;

let folder = "";
const before = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "take-"));
  writeFileSync(join(folder, "loadtest.yaml"), YAML);
  Object.assign(process.env, CANARIES, {
    SWARMBRIDGE_CONFIG: join(folder, "loadtest.yaml"),
    AZURE_CLIENT_ID: "an-id",
    AZURE_CONFIG_DIR: folder,
    PATH: folder,
  });
});
afterEach(() => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, before);
  rmSync(folder, { recursive: true });
});

describe("a bridge that has read its settings", () => {
  test("finds the secrets by their names, and has none of them in its environment", () => {
    const { environment } = load(folder, new Redactor());
    for (const [name, value] of Object.entries(CANARIES)) expect(environment(name)).toBe(value);
    expect(JSON.stringify(process.env)).not.toContain("canary");
  });

  test.skipIf(process.platform === "win32")("gives none to az, which gets what it needs", async () => {
    const seen = join(folder, "seen");
    const answer = `console.log(JSON.stringify({ accessToken: "of-az", expires_on: ${Math.floor(Date.now() / 1000) + 3000} }))`;
    const dump = `require("node:fs").writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.env));`;
    writeFileSync(join(folder, "az"), `#!${process.execPath}\n${dump}${answer}`);
    chmodSync(join(folder, "az"), 0o755);

    const { environment } = load(folder, new Redactor());
    const azure = await sharedAzure({ lookup: environment, learn: () => undefined });
    const { value } = await azure.token(azureCredentialSchema.parse({ use: "azure-cli" }), "api://mcp/.default");
    expect(value).toBe("of-az");
    const got = readFileSync(seen, "utf8");
    expect(got).not.toContain("canary");
    expect(JSON.parse(got)).toMatchObject({ AZURE_CONFIG_DIR: folder, AZURE_CLIENT_ID: "an-id", PATH: folder });
  });
});

test("what a machine's identity is read from stays, and so does what only looks alike", () => {
  const servers = { a: serverSettings({ url: "http://127.0.0.1:9/mcp" }) };
  const settings = {
    source: "test",
    isAimed: false,
    envFiles: [],
    folder: "/",
    servers,
    autoStop: null,
    carriedSecrets: ["1", "/home/me"],
  };
  const env = { IDENTITY_HEADER: "of-the-machine", CI: "1", HOME: "/home/me", OLDPWD: "/home/me" };
  const lookup = takeSecrets(settings, env, new Redactor());
  expect(env).toEqual({ IDENTITY_HEADER: "of-the-machine", CI: "1", HOME: "/home/me" });
  expect(lookup("OLDPWD")).toBe("/home/me");
});

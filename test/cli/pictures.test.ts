/**
 * The terminal pictures of docs/auth.md are what `auth check` says of the fakes, with the names of real places in the
 * place of ports. `UPDATE_PICTURES=1 vitest run test/cli/pictures.test.ts` draws them again.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Step } from "../../auth/check/step.ts";
import { Redactor } from "../../bridge/redactor.ts";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { authCheck } from "../../cli/auth-check.ts";
import { stepText } from "../../cli/step-text.ts";
import { styleFor } from "../../cli/style.ts";
import { loadSettings } from "../../config/load-settings.ts";
import { temporaryProject } from "../config/temporary-project.ts";
import { Scene, SECRETS, type SetUp, yamlOf } from "./set-ups.ts";

const DOCS = join(import.meta.dirname, "..", "..", "docs", "auth.md");
const style = styleFor({ columns: 92 }, {});

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(() => scene.close());

const oauth = (): string =>
  `{ strategy: oauth, clientId: load-test, clientSecret: { env: CLIENT_SECRET }, issuer: "${scene.oauth.issuer}" }`;

const PICTURES: Readonly<Record<string, () => SetUp>> = {
  "a bearer token that works": () => ({
    auth: "{ strategy: bearer, env: MINE_TOKEN }",
    env: { MINE_TOKEN: SECRETS.good },
  }),
  "a variable that is not set": () => ({ auth: "{ strategy: bearer, env: MINE_TOKEN }" }),
  "a wrong token": () => ({ auth: "{ strategy: bearer, env: MINE_TOKEN }", env: { MINE_TOKEN: SECRETS.wrong } }),
  "a vault that lets nobody in": () => {
    scene.vault.forbidden = "ForbiddenByRbac";
    return {
      auth: `{ strategy: keyvault, vault: "${scene.vault.url}", secret: mcp-token, credential: ${scene.credential} }`,
      env: scene.azureVariables,
    };
  },
  "a token of Entra": () => ({
    auth: `{ strategy: entra, scope: api://mcp/.default, credential: ${scene.credential} }`,
    env: scene.azureVariables,
  }),
  "an oauth client that works": () => ({ auth: oauth(), env: { CLIENT_SECRET: SECRETS.clientSecret } }),
  "a wrong client secret": () => ({ auth: oauth(), env: { CLIENT_SECRET: SECRETS.wrongSecret } }),
  "a program that fails": () => ({
    auth: `{ strategy: command, run: [${JSON.stringify(process.execPath)}, -e, "process.exit(1)"] }`,
  }),
};

/** Ports, ids and times are another in each run. */
const named = (text: string): string =>
  [
    [new URL(scene.mcp.url).host, "mcp.example.com"],
    [new URL(scene.oauth.origin).host, "login.example.com"],
    [new URL(scene.vault.url).host, "my-vault.vault.azure.net"],
    [new URL(scene.entra.url).host, "login.microsoftonline.com"],
    [scene.entra.tenantId, "TENANT"],
    [process.execPath, "./print-token"],
  ]
    .reduce((changed, [from = "", to = ""]) => changed.replaceAll(from, to), text)
    .replace(/\bnode\b(?! modules)/g, "print-token")
    .replace(/after \d+ ms/, "after 35 ms");

const pictureOf = async (setUp: SetUp): Promise<string> => {
  const folder = temporaryProject({ "loadtest.yaml": yamlOf(setUp, scene) });
  const env = setUp.env ?? {};
  const settings = loadSettings({ cwd: folder, project: folder, env }, RUN_PARTS);
  const printed: string[] = [];
  const options = { server: "mine", identity: undefined, allIdentities: false, json: true };
  await authCheck(settings, options, {
    print: (text) => printed.push(text),
    style,
    env: { ...env },
    redactor: new Redactor(),
  });
  const { checks, exitCode } = JSON.parse(named(printed.join("")));
  const [{ url, strategy, steps }] = checks as [{ url: string; strategy: string; steps: (Step & { next: string })[] }];
  const lines = steps.map((step) => stepText(step, step.next, style));
  return ["$ npx swarmbridge auth check mine", `mine  ${url}  ${strategy}`, ...lines, `(exit code ${exitCode})`].join(
    "\n",
  );
};

const blockOf = (name: string): RegExp =>
  new RegExp(`(<!-- auth check: ${name} -->\n\n\`\`\`text\n)([\\s\\S]*?)(\n\`\`\`)`);

test.each(Object.entries(PICTURES))("docs/auth.md shows %s as it is", async (name, setUp) => {
  const picture = await pictureOf(setUp());
  expect(picture).not.toMatch(/canary|127\.0\.0\.1/);
  if (process.env.UPDATE_PICTURES === "1") {
    const docs = readFileSync(DOCS, "utf8");
    writeFileSync(
      DOCS,
      docs.replace(blockOf(name), (_block, head, _old, tail) => head + picture + tail),
    );
  }
  expect(blockOf(name).exec(readFileSync(DOCS, "utf8"))?.[2]).toBe(picture);
});

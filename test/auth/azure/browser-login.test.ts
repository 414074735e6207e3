import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { login } from "../../../auth/azure/login.ts";
import { FakeEntra } from "../../fakes/entra.ts";
import { TEST_CA } from "../../fakes/faulty-server.ts";
import { clientsWith, credential, forgetMachine, refusal, trustFakes } from "./azure-harness.ts";
import { FAKE_BROWSER } from "./fake-browser.ts";

const SCOPE = "api://mcp/.default";
const machine = mkdtempSync(join(tmpdir(), "login-"));
const opened = join(machine, "opened");
const entra = new FakeEntra();

beforeAll(async () => {
  forgetMachine();
  trustFakes();
  await entra.start();
  const ca = join(machine, "ca.pem");
  writeFileSync(ca, TEST_CA.certPem);
  process.env.NODE_EXTRA_CA_CERTS = ca;
  process.env.FAKE_BROWSER_LOG = opened;
  const bin = join(machine, "bin");
  mkdirSync(bin);
  for (const name of ["xdg-open", "fake-browser"]) {
    writeFileSync(join(bin, name), FAKE_BROWSER);
    chmodSync(join(bin, name), 0o755);
  }
  process.env.PATH = `${bin}:${process.env.PATH}`;
  process.env.BROWSER = join(bin, "fake-browser");
});
afterAll(async () => {
  await entra.stop();
  rmSync(machine, { recursive: true });
});

let config: string;
beforeEach(() => {
  config = mkdtempSync(join(machine, "config-"));
  writeFileSync(opened, "");
});

const own = () =>
  credential({ use: "browser", clientId: entra.clientId, tenantId: entra.tenantId, authorityHost: entra.url });
const variables = () => ({ XDG_CONFIG_HOME: config });
const openedUrls = () => readFileSync(opened, "utf8").split("\n").filter(Boolean);
const files = () => readdirSync(join(config, "swarmbridge")).map((name) => join(config, "swarmbridge", name));

const loggedIn = async () => {
  const learned: string[] = [];
  const asker = {
    lookup: (name: string) => ({ ...variables() })[name as "XDG_CONFIG_HOME"],
    learn: (text: string) => learned.push(text),
  };
  return { account: await login(own(), SCOPE, asker), learned };
};

describe.runIf(process.platform === "linux")("a login in the browser", () => {
  test("is made once, and serves later runs silently", async () => {
    const { account, learned } = await loggedIn();
    expect(account).toEqual({ username: "ada@example.test", tenantId: entra.tenantId });
    expect(openedUrls().length).toBe(1);
    const run = clientsWith(variables());
    const values = [(await run.azure.token(own(), SCOPE)).value, (await run.azure.token(own(), SCOPE)).value];
    expect(values).toEqual(entra.tokens.slice(-2));
    expect(openedUrls().length).toBe(1);
    expect(learned.some((secret) => secret.startsWith("refresh-"))).toBe(true);
  });

  test("lies in files of the user alone, without access tokens", async () => {
    await loggedIn();
    await clientsWith(variables()).azure.token(own(), SCOPE);
    expect(statSync(join(config, "swarmbridge")).mode & 0o777).toBe(0o700);
    expect(files().length).toBe(2);
    for (const file of files()) {
      expect(lstatSync(file).mode & 0o777).toBe(0o600);
      const text = readFileSync(file, "utf8");
      for (const token of entra.tokens) expect(text).not.toContain(token);
    }
  });

  test("that has been revoked has to be made again, by hand", async () => {
    await loggedIn();
    entra.revoke();
    const error = await refusal(clientsWith(variables()).azure.token(own(), SCOPE));
    expect(error).toMatchObject({ code: "AUTH_NO_LOGIN" });
    expect(error.detail.why).toContain("run: swarmbridge auth login");
    expect(openedUrls().length).toBe(1);
  });

  test("whose file others may read is not used", async () => {
    await loggedIn();
    for (const file of files()) chmodSync(file, 0o644);
    expect(await refusal(clientsWith(variables()).azure.token(own(), SCOPE))).toMatchObject({
      code: "AUTH_UNREADABLE",
    });
  });

  test("is not read through a link, and a link in its place is replaced, not followed", async () => {
    await loggedIn();
    const victim = join(config, "victim");
    for (const file of files()) {
      writeFileSync(victim, readFileSync(file), { mode: 0o600 });
      rmSync(file);
      symlinkSync(victim, file);
    }
    const before = readFileSync(victim, "utf8");
    expect(await refusal(clientsWith(variables()).azure.token(own(), SCOPE))).toMatchObject({
      code: "AUTH_UNREADABLE",
    });
    expect(readFileSync(victim, "utf8")).toBe(before);
  });
});

test("without a login a run opens nothing and says what to run", async () => {
  const error = await refusal(clientsWith(variables()).azure.token(own(), SCOPE));
  expect(error).toMatchObject({ code: "AUTH_NO_LOGIN", detail: { why: "tried browser; run: swarmbridge auth login" } });
  expect(openedUrls()).toEqual([]);
});

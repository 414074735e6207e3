import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FakeEntra } from "../../fakes/entra.ts";
import { clientsWith, credential, forgetMachine, refusal, trustFakes } from "./azure-harness.ts";

const SCOPE = "api://mcp/.default";
const bin = mkdtempSync(join(tmpdir(), "chain-"));
let entra: FakeEntra;

/** Somebody is logged in at `az`; nobody is at the address of IMDS. */
beforeAll(() => {
  forgetMachine();
  trustFakes();
  process.env.PATH = bin;
  process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = "http://127.0.0.1:9";
  const answer = `console.log(JSON.stringify({ accessToken: "of-az", expires_on: Math.floor(Date.now() / 1000) + 3000 }))`;
  writeFileSync(join(bin, "az"), `#!${process.execPath}\n${answer}`);
  chmodSync(join(bin, "az"), 0o755);
});
afterAll(() => rmSync(bin, { recursive: true }));
beforeEach(async () => {
  entra = new FakeEntra();
  await entra.start();
});
afterEach(() => entra.stop());

const variables = (over: Record<string, string> = {}) => ({
  AZURE_TENANT_ID: entra.tenantId,
  AZURE_CLIENT_ID: entra.clientId,
  AZURE_CLIENT_SECRET: entra.clientSecret,
  ...over,
});
const LIST = ["environment", "azure-cli"] as const;
const of = (use: string | readonly string[], own: Record<string, string> = {}) =>
  credential({ use, authorityHost: entra.url, ...own });

describe.skipIf(process.platform === "win32")("a chain of credentials", () => {
  test.each([["auto"], [LIST]])("(%s) goes on from one that is not there, and says which one answered", async (use) => {
    const { azure } = clientsWith();
    expect(azure.chosen(of(use))).toBeNull();
    expect((await azure.token(of(use), SCOPE)).value).toBe("of-az");
    expect(azure.chosen(of(use))).toBe("azure-cli");
  });

  test.each([["auto"], [LIST]])("(%s) never takes a wrong secret for none", async (use) => {
    const { azure } = clientsWith(variables({ AZURE_CLIENT_SECRET: "hunter2" }));
    expect(await refusal(azure.token(of(use), SCOPE))).toMatchObject({
      code: "AUTH_REFUSED",
      detail: { why: "HTTP 401 invalid_client AADSTS7000215" },
    });
    expect(azure.chosen(of(use))).toBeNull();
  });

  test.each([503, "reset", "html"] as const)("ends where Entra is out of order (%s)", async (outage) => {
    entra.server.faults.outage = outage;
    const { azure } = clientsWith(variables());
    expect(await refusal(azure.token(of("auto"), SCOPE))).toMatchObject({ code: "AUTH_UNREACHABLE" });
  });

  test("ends for all who ask at once, those too whose request was another's", async () => {
    entra.server.faults.outage = 503;
    const { azure } = clientsWith(variables());
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => azure.token(of(LIST), SCOPE)));
    expect(asked.map(({ status }) => status)).not.toContain("fulfilled");
  });

  test("stays with the one that answered, whatever becomes of it", async () => {
    const { azure } = clientsWith(variables());
    expect((await azure.token(of(LIST), SCOPE)).value).toBe(entra.tokens[0]);
    entra.server.faults.outage = "reset";
    expect(await refusal(azure.token(of(LIST), SCOPE))).toMatchObject({ code: "AUTH_UNREACHABLE" });
    expect(azure.chosen(of(LIST))).toBe("environment");
  });

  test("names only the one that it stays with when that one's login has gone", async () => {
    const { azure } = clientsWith();
    const { PATH } = process.env;
    await azure.token(of("auto"), SCOPE);
    process.env.PATH = "/nowhere";
    const error = await refusal(azure.token(of("auto"), SCOPE));
    process.env.PATH = PATH;
    expect(error).toMatchObject({ code: "AUTH_NO_LOGIN", detail: { why: "tried azure-cli; run: az login" } });
  });

  test("of AZURE_TOKEN_CREDENTIALS is a part of auto", async () => {
    const { azure } = clientsWith(variables({ AZURE_TOKEN_CREDENTIALS: "dev" }));
    expect((await azure.token(of("auto"), SCOPE)).value).toBe("of-az");
    const wrong = clientsWith({ AZURE_TOKEN_CREDENTIALS: "mine" }).azure;
    expect((await refusal(wrong.token(of("auto"), SCOPE))).sentence).toContain(
      "AZURE_TOKEN_CREDENTIALS is none of prod",
    );
  });
});

test("the clientId of the settings is not the service principal's", async () => {
  const { azure } = clientsWith(variables());
  await azure.token(of("auto", { clientId: "of-a-machine" }), SCOPE);
  expect(entra.server.asked.at(-1)?.form.get("client_id")).toBe(entra.clientId);
});

import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FakeEntra } from "../../fakes/entra.ts";
import { FakeKeyVault } from "../../fakes/key-vault.ts";
import { clientsWith, credential, forgetMachine, refusal, trustFakes } from "./azure-harness.ts";

let entra: FakeEntra;
let vault: FakeKeyVault;

beforeAll(() => {
  forgetMachine();
  trustFakes();
});
beforeEach(async () => {
  entra = new FakeEntra();
  vault = new FakeKeyVault(() => `${entra.url}/${entra.tenantId}`);
  await Promise.all([entra.start(), vault.start()]);
});
afterEach(() => Promise.all([entra.stop(), vault.stop()]));

const clients = () => {
  const { azure, learned } = clientsWith({
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.clientId,
    AZURE_CLIENT_SECRET: entra.clientSecret,
  });
  const own = credential({ use: "environment", authorityHost: entra.url });
  const read = (secret: string, version: string | null = null) =>
    azure.secret(own, { vault: vault.url, secret, version });
  return { azure, learned, own, read };
};

describe("a secret", () => {
  test("is read in its newest version, or in the one that is pinned", async () => {
    const old = vault.put("t", "one");
    const { read, learned } = clients();
    expect(await read("t")).toEqual({ value: "one", version: old, expiresAtMs: null });
    vault.put("t", "two", { exp: 2_000_000_000 });
    expect(await read("t")).toMatchObject({ value: "two", expiresAtMs: 2_000_000_000_000 });
    expect(await read("t", old)).toMatchObject({ value: "one", version: old });
    expect(learned).toEqual(expect.arrayContaining(["one", "two", entra.clientSecret, entra.tokens[0]]));
  });

  test("costs one challenge and one token for any number of readings, also of those at once", async () => {
    vault.put("t", "one");
    const { read } = clients();
    await read("t");
    await Promise.all(Array.from({ length: 20 }, () => read("t")));
    expect(vault.server.asked.length).toBe(22);
    expect(entra.tokens.length).toBe(1);
  });

  test("is read by an identity whose clock is off", async () => {
    vault.put("t", "one");
    entra.server.faults.skewMs = vault.server.faults.skewMs = -600_000;
    const { read } = clients();
    await read("t");
    await read("t");
    expect(entra.tokens.length).toBe(1);
  });
});

test("a list has the enabled names that begin so, of all pages, sorted", async () => {
  for (let user = 0; user < 60; user++) vault.put(`user-${user}`, "x", { enabled: user !== 7 });
  vault.put("other", "x");
  const { azure, own } = clients();
  const names = await azure.secretNames(own, vault.url, "user-");
  expect(names.length).toBe(59);
  expect(names).toEqual([...names].sort());
  expect(names).not.toContain("user-7");
});

describe("a refusal says whose and why", () => {
  const sees = async (secret: string, expected: object) => {
    const error = await refusal(clients().read(secret));
    expect(error).toMatchObject(expected);
    expect(error.sentence).not.toContain("internal-tenant-name");
    return error;
  };
  const place = () => `t in ${new URL(vault.url).host}`;

  test("no such secret", () =>
    sees("t", {
      code: "AUTH_MISSING",
      detail: { place: place(), status: 404, why: "the vault has no such secret or version" },
    }));

  test("a disabled one", async () => {
    vault.put("t", "x", { enabled: false });
    await sees("t", { code: "AUTH_REFUSED", detail: { place: place(), why: "HTTP 403: the secret is disabled" } });
  });

  test.each([
    ["ForbiddenByRbac", /may not read secrets of this vault: role/],
    ["AccessDenied", /may not read secrets of this vault: access policy/],
    ["ForbiddenByFirewall", /firewall/],
  ] as const)("%s", async (forbidden, why) => {
    vault.forbidden = forbidden;
    expect((await sees("t", { code: "AUTH_REFUSED", detail: { status: 403 } })).detail.why).toMatch(why);
  });

  test("an empty secret", async () => {
    vault.put("t", "");
    await sees("t", { code: "AUTH_INVALID", detail: { place: place(), why: "the secret is empty" } });
  });

  test("a vault that asks to wait: at once, with its time", async () => {
    vault.server.faults.throttleSeconds = 7;
    await sees("t", { code: "AUTH_THROTTLED", detail: { retryAfterMs: 7000, place: place() } });
    expect(vault.server.asked.length).toBe(1);
  });

  test("a vault that redirects is not followed with the token", async () => {
    const elsewhere = new FakeKeyVault(() => "");
    await elsewhere.start();
    vault.put("t", "x");
    const { read } = clients();
    await read("t");
    vault.server.faults.redirect = `${elsewhere.url}/secrets/t`;
    expect(await refusal(read("t"))).toMatchObject({ code: "AUTH_INVALID" });
    await elsewhere.stop();
    expect(elsewhere.server.asked).toEqual([]);
  });

  test("a vault that is not there", async () => {
    const { azure, own } = clients();
    const gone = { vault: "https://no-such-vault-here.invalid", secret: "t", version: null };
    expect(await refusal(azure.secret(own, gone))).toMatchObject({ code: "AUTH_UNREACHABLE" });
  });

  test("an identity that gets no token: as its issuer said it", async () => {
    entra.server.faults.outage = 500;
    await sees("t", { code: "AUTH_UNREACHABLE", detail: { why: "HTTP 500 server_error" } });
  });

  test("a vault of no cloud that asks for a token for somewhere else of Microsoft's", async () => {
    vault.resource = "https://management.azure.com";
    await sees("t", { code: "AUTH_UNTRUSTED" });
    expect(entra.tokens).toEqual([]);
  });

  test("a vault that never takes the token", async () => {
    vault.put("t", "x");
    vault.resource = "api://mcp";
    await sees("t", { code: "AUTH_REFUSED", detail: { status: 401, place: place() } });
  });
});

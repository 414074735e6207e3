import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sharedAzure } from "../../../auth/azure/shared-azure.ts";
import { keyvault } from "../../../auth/strategy/keyvault.ts";
import type { AuthEvent } from "../../../auth/world.ts";
import { FakeEntra } from "../../fakes/entra.ts";
import { FakeKeyVault } from "../../fakes/key-vault.ts";
import { forgetMachine, refusal, trustFakes } from "../azure/azure-harness.ts";
import { FakeWorld, surroundingsIn } from "../fake-world.ts";

const NOW = 1_800_000_000_000;

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

const settingsOf = (own: Record<string, unknown> = {}) =>
  keyvault.schema.parse({
    strategy: "keyvault",
    vault: vault.url,
    secret: "t",
    credential: { use: "environment", authorityHost: entra.url, instanceDiscovery: false },
    ...own,
  });

const world = () => {
  const learned: string[] = [];
  const events: AuthEvent[] = [];
  const variables: Record<string, string> = {
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.clientId,
    AZURE_CLIENT_SECRET: entra.clientSecret,
  };
  const surroundings = surroundingsIn(new FakeWorld(), {
    azure: sharedAzure,
    now: () => NOW,
    lookup: (name) => variables[name],
    learn: (secret) => learned.push(secret),
    report: (event) => events.push(event),
  });
  return { learned, events, surroundings };
};

describe("the token", () => {
  test.each(["abc", "Bearer abc", " abc\n"])("is the secret %j, fit for a header, and learned", async (value) => {
    vault.put("t", value);
    const { surroundings, learned } = world();
    expect(await keyvault.source(settingsOf(), surroundings).fetch(null)).toEqual({
      value: "abc",
      livesMs: 15 * 60_000,
      isGuess: true,
    });
    expect(learned).toContain("abc");
  });

  test("is read again each time it is wanted: a rotated one is found, a pinned one stays", async () => {
    const version = vault.put("t", "old");
    const { surroundings } = world();
    const newest = keyvault.source(settingsOf(), surroundings);
    const pinned = keyvault.source(settingsOf({ version }), surroundings);
    expect(await newest.fetch(null)).toMatchObject({ value: "old" });
    vault.put("t", "new");
    expect(await newest.fetch({ token: "old", challenge: null })).toMatchObject({ value: "new" });
    expect(await pinned.fetch(null)).toMatchObject({ value: "old" });
  });

  test.each([
    ["reread", { reread: "20s" }, null, 20_000],
    ["its end, when that comes first", {}, NOW / 1000 + 60, 60_000],
    ["reread, when its end comes later", { reread: "20s" }, NOW / 1000 + 60, 20_000],
  ])("is to be read again after %s", async (_, own, exp, livesMs) => {
    vault.put("t", "abc", { exp });
    expect(await keyvault.source(settingsOf(own), world().surroundings).fetch(null)).toMatchObject({ livesMs });
  });

  test("that says it has expired is used all the same, and that is said", async () => {
    vault.put("t", "abc", { exp: NOW / 1000 - 60 });
    const { surroundings, events } = world();
    const token = await keyvault.source(settingsOf(), surroundings).fetch(null);
    expect(token).toMatchObject({ value: "abc", livesMs: 15 * 60_000 });
    expect(events).toEqual([{ what: "note", text: expect.stringContaining("says that it has expired") }]);
  });

  test("that cannot stand in a header is refused without being shown", async () => {
    vault.put("t", "hunter2 hunter3");
    const error = await refusal(keyvault.source(settingsOf(), world().surroundings).fetch(null));
    expect(error.code).toBe("AUTH_UNUSABLE");
    expect(error.sentence).not.toContain("hunter");
  });
});

test("a prefix lists the settings of each identity", async () => {
  vault.put("user-a", "1");
  vault.put("user-b", "2");
  vault.put("other", "3");
  const settings = settingsOf({ secret: undefined, identities: { prefix: "user-" } });
  const found = await keyvault.list?.(settings, "user-", world().surroundings);
  expect(found?.map(({ secret, identities }) => [secret, identities])).toEqual([
    ["user-a", undefined],
    ["user-b", undefined],
  ]);
});

describe("the settings", () => {
  const faults = (own: Record<string, unknown>) => {
    const { error } = keyvault.schema.safeParse({ strategy: "keyvault", vault: "my-vault", secret: "t", ...own });
    return error?.issues.map(({ path, message }) => [path.join("."), message]);
  };

  test("take a bare name for a vault of the public cloud", () => {
    expect(keyvault.schema.parse({ strategy: "keyvault", vault: "my-vault", secret: "t" })).toMatchObject({
      vault: "https://my-vault.vault.azure.net",
      reread: 900_000,
      credential: { use: "auto" },
    });
  });

  test.each([
    [{ vault: "http://127.0.0.1:1" }, "vault"],
    [{ vault: "https://v.vault.azure.net/secrets/t" }, "vault"],
    [{ secret: "a/b" }, "secret"],
    [{ secret: undefined }, ""],
    [{ version: "latest" }, "version"],
    [{ reread: "0s" }, "reread"],
    [{ reread: "2" }, "reread"],
    [{ credential: { use: "magic" } }, "credential.use"],
  ])("%j is refused at %j", (own, path) => expect(faults(own)?.[0]?.[0]).toBe(path));
});

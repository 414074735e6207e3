import { describe, expect, test, vi } from "vitest";
import { AuthError } from "../../auth/auth-error.ts";
import type { Azure } from "../../auth/azure/azure.ts";
import { createCredentials } from "../../auth/credentials.ts";
import type { AuthEvent } from "../../auth/world.ts";
import type { AuthSettings } from "../../config/settings.ts";
import { FakeWorld, settled, surroundingsIn } from "./fake-world.ts";

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `TOKEN_${index}`);
const everyVariable = (name: string): string => name.toLowerCase();

const fromVariables = (count: number, share?: { index: number; of: number }) => {
  const events: AuthEvent[] = [];
  const lookup = vi.fn(everyVariable);
  const auth = { strategy: "bearer", optional: false, identities: { env: names(count) } };
  const surroundings = surroundingsIn(new FakeWorld(), { lookup, report: (event) => events.push(event) });
  const credentials = createCredentials(auth, surroundings, share);
  const notes = () => events.flatMap((event) => (event.what === "note" ? [event.text] : []));
  return { credentials, lookup, notes };
};

describe("without identities", () => {
  test("all users have the very same credential", () => {
    const credentials = createCredentials({ strategy: "none" }, surroundingsIn(new FakeWorld()));
    expect(credentials.of(0)).toBe(credentials.of(9999));
  });

  test("nothing is read before the first request", () => {
    const lookup = vi.fn(everyVariable);
    createCredentials({ strategy: "bearer", env: "A" }, surroundingsIn(new FakeWorld(), { lookup })).of(0);
    expect(lookup).not.toHaveBeenCalled();
  });

  test("`none` fetches nothing that a statistic would count", async () => {
    const report = vi.fn();
    const credential = createCredentials({ strategy: "none" }, surroundingsIn(new FakeWorld(), { report })).of(0);
    expect(await credential.authorization()).toBeNull();
    expect(report).not.toHaveBeenCalled();
  });
});

describe("identities", () => {
  test("500 of them are 500 fetches, and each user's requests carry its own", async () => {
    const { credentials, lookup } = fromVariables(500);
    for (let user = 0; user < 500; user++) {
      expect(await credentials.of(user).authorization()).toBe(`Bearer token_${user}`);
    }
    for (let user = 0; user < 500; user++) expect(credentials.of(user).authorization()).toBe(`Bearer token_${user}`);
    expect(lookup).toHaveBeenCalledTimes(500);
  });

  test("are read for their first user only", async () => {
    const { credentials, lookup } = fromVariables(500);
    await credentials.of(7).authorization();
    await credentials.of(7).authorization();
    expect(lookup.mock.calls).toEqual([["TOKEN_7"]]);
  });

  test("are taken in turn when there are more users, which is said once with both numbers", async () => {
    const { credentials, lookup, notes } = fromVariables(3);
    const sent = await Promise.all(Array.from({ length: 9 }, async (_, user) => credentials.of(user).authorization()));
    expect(sent.map((header) => header?.slice(-1))).toEqual([..."012012012"]);
    expect(lookup).toHaveBeenCalledTimes(3);
    expect(notes()).toEqual(["there are 3 identities and at least 4 users: they share them in turn"]);
  });

  test("are divided over the processes of a run: no two users have the same while there are enough", async () => {
    const sent = new Set<string | null>();
    for (let index = 0; index < 4; index++) {
      const { credentials, notes } = fromVariables(100, { index, of: 4 });
      for (let user = 0; user < 25; user++) sent.add(await credentials.of(user).authorization());
      expect(notes()).toEqual([]);
    }
    expect(sent.size).toBe(100);
  });

  test("all go to one process when all users of the server are in it, and any that may be shared are told of", async () => {
    const { credentials, notes } = fromVariables(4, { index: 1, of: 2 });
    const sent = await Promise.all(Array.from({ length: 4 }, async (_, user) => credentials.of(user).authorization()));
    expect(sent.map((header) => header?.slice(-1))).toEqual([..."2301"]);
    expect(notes()).toEqual([
      "there are 4 identities for 2 processes, and one of these has at least 3 users: some may have the same",
    ]);
  });

  test("that lack something fail for their users alone", async () => {
    const auth = { strategy: "bearer", optional: false, identities: { env: ["A", "B"] } };
    const lookup = (name: string) => (name === "A" ? "a" : undefined);
    const credentials = createCredentials(auth, surroundingsIn(new FakeWorld(), { lookup }));
    expect(await credentials.of(0).authorization()).toBe("Bearer a");
    await expect(credentials.of(1).authorization()).rejects.toMatchObject({
      code: "AUTH_MISSING",
      detail: { place: "B" },
    });
  });

  test("of a broken list fail with its fault, at once for those who come within the pause", async () => {
    const world = new FakeWorld({ "u.csv": "colour\nred\n" });
    const auth = { strategy: "bearer", optional: false, identities: { csv: "u.csv" } };
    const credentials = createCredentials(auth, surroundingsIn(world));
    await expect(credentials.of(0).authorization()).rejects.toMatchObject({ code: "AUTH_IDENTITIES" });
    for (let user = 0; user < 100; user++) expect(() => credentials.of(user).authorization()).toThrow(AuthError);
    expect(world.reads).toBe(1);
    world.files["u.csv"] = "file\n/a\n";
    world.files["/a"] = "a";
    await world.advance(1000);
    expect(await credentials.of(0).authorization()).toBe("Bearer a");
  });

  test("closed, end their timers", async () => {
    const world = new FakeWorld({ "u.csv": "run\nx\n" });
    const auth = { strategy: "bearer", optional: false, identities: { env: names(3) } };
    const credentials = createCredentials(auth, surroundingsIn(world, { lookup: everyVariable }));
    for (let user = 0; user < 3; user++) await credentials.of(user).authorization();
    credentials.close();
    expect(world.pendingTimers()).toBe(0);
  });
});

describe("identities that the strategy lists itself", () => {
  const vault = (over: Partial<Azure> = {}) => {
    const world = new FakeWorld();
    const azure: Azure = {
      token: () => Promise.reject(new Error("not asked for")),
      secret: vi.fn(async (_credential, { secret }) => ({
        value: `value-of-${secret}`,
        version: "1",
        expiresAtMs: null,
      })),
      secretNames: vi.fn(async () => Array.from({ length: 500 }, (_, index) => `mcp-${index}`)),
      chosen: () => null,
      ...over,
    };
    const auth: AuthSettings = {
      strategy: "keyvault",
      vault: "https://my-vault.vault.azure.net",
      reread: 20_000,
      credential: {},
      identities: { prefix: "mcp-" },
    };
    const surroundings = surroundingsIn(world, { azure: async () => azure });
    return { world, azure, credentials: createCredentials(auth, surroundings) };
  };

  test("are listed once for all users who come at once, then each has its own", async () => {
    const { azure, credentials } = vault();
    const users = Array.from({ length: 500 }, (_, user) => credentials.of(user));
    const sent = await Promise.all(users.map(async (user) => user.authorization()));
    expect(sent).toEqual(users.map((_, user) => `Bearer value-of-mcp-${user}`));
    expect(azure.secretNames).toHaveBeenCalledTimes(1);
    expect(azure.secret).toHaveBeenCalledTimes(500);
    expect(users.map((user) => user.authorization())).toEqual(sent);
  });

  test("are fetched by 32 at a time", async () => {
    let running = 0;
    let most = 0;
    const { world, credentials } = vault({
      secret: async (_credential, { secret }) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((done) => world.after(100, done));
        running -= 1;
        return { value: secret, version: "1", expiresAtMs: null };
      },
    });
    const sent = Array.from({ length: 500 }, async (_, user) => credentials.of(user).authorization());
    await settled();
    await world.advance(1600);
    expect(await Promise.all(sent)).toHaveLength(500);
    expect(most).toBe(32);
  });

  test("come due spread over two seconds when they live twenty", async () => {
    const due: number[] = [];
    const { world, credentials } = vault({
      secret: async (_credential, { secret }) => {
        due.push(world.monotonicMs());
        return { value: secret, version: "1", expiresAtMs: null };
      },
    });
    const users = Array.from({ length: 500 }, (_, user) => credentials.of(user));
    await Promise.all(users.map(async (user) => user.authorization()));
    await world.advance(15_000);
    const renewals = due.slice(500);
    expect(renewals).toHaveLength(500);
    expect(Math.min(...renewals)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...renewals)).toBe(12_000);
    const busiest = Math.max(
      ...Array.from({ length: 20 }, (_, slot) => renewals.filter((ms) => Math.floor(ms / 100) === 100 + slot).length),
    );
    // Evenly would be 25 in each tenth of a second.
    expect(busiest).toBeLessThanOrEqual(28);
  });

  test("that cannot be listed fail for all, and are listed again after a pause", async () => {
    const secretNames = vi
      .fn<Azure["secretNames"]>()
      .mockRejectedValueOnce(new AuthError("AUTH_THROTTLED", { retryAfterMs: 5000 }))
      .mockResolvedValue(["mcp-a"]);
    const { world, credentials } = vault({ secretNames });
    await expect(credentials.of(0).authorization()).rejects.toMatchObject({ code: "AUTH_THROTTLED" });
    await world.advance(4999);
    expect(() => credentials.of(1).authorization()).toThrow(AuthError);
    await world.advance(1);
    expect(await credentials.of(1).authorization()).toBe("Bearer value-of-mcp-a");
    expect(secretNames).toHaveBeenCalledTimes(2);
  });

  test("that are none at all are told", async () => {
    const { credentials } = vault({ secretNames: async () => [] });
    await expect(credentials.of(0).authorization()).rejects.toMatchObject({
      code: "AUTH_IDENTITIES",
      detail: { why: "there is none" },
    });
  });

  test("that hang do not hang their users", async () => {
    const { world, credentials } = vault({ secretNames: () => new Promise(() => undefined) });
    const failed = expect(credentials.of(0).authorization()).rejects.toMatchObject({ code: "AUTH_UNREACHABLE" });
    await world.advance(60_000);
    await failed;
  });
});

test("a strategy that cannot list identities by a prefix says so", async () => {
  const auth = { strategy: "bearer", optional: false, identities: { prefix: "x" } };
  const credentials = createCredentials(auth, surroundingsIn(new FakeWorld()));
  await expect(credentials.of(0).authorization()).rejects.toMatchObject({
    sentence: "the list of identities cannot be used: bearer (it cannot list identities by a prefix)",
  });
});

import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { AuthError } from "../../../auth/auth-error.ts";
import { authSchema } from "../../../auth/auth-schema.ts";
import { writtenIdentities } from "../../../auth/identity/identity-list.ts";
import { strategyKind } from "../../../auth/strategies.ts";
import type { AuthSettings } from "../../../config/settings.ts";
import { FakeWorld } from "../fake-world.ts";

/** As the file says it. @returns the settings of each identity */
const identities = (written: unknown, csv?: string): readonly AuthSettings[] | null => {
  const auth = z.parse(authSchema, written);
  return writtenIdentities(strategyKind(auth), auth, new FakeWorld(csv === undefined ? {} : { "users.csv": csv }));
};

const csvOf = (csv: string, over: object = { strategy: "bearer" }) =>
  identities({ ...over, identities: { csv: "users.csv" } }, csv);

const failure = (attempt: () => unknown): AuthError => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof AuthError) return error;
    throw error;
  }
  throw new Error("there were identities");
};

test("a list of variables: each identity is the strategy's settings with one of them", () => {
  const found = identities({ strategy: "bearer", optional: true, identities: { env: ["A", "B"] } });
  expect(found).toMatchObject([
    { strategy: "bearer", env: "A", optional: true },
    { strategy: "bearer", env: "B", optional: true },
  ]);
  expect(found?.some((identity) => identity.identities !== undefined)).toBe(false);
});

test("a prefix is listed by the strategy itself", () => {
  expect(identities({ strategy: "keyvault", vault: "my-vault", identities: { prefix: "mcp-" } })).toBeNull();
});

describe("a CSV", () => {
  test("gives each row's keys, in its order; an empty cell says nothing, blanks and comments do not matter", () => {
    const csv = "\ufeffenv, file\n# the first ones\nTOKEN_A,\n\n , /run/b\n";
    expect(csvOf(csv)?.map(({ env, file }) => ({ env, file }))).toEqual([
      { env: "TOKEN_A", file: undefined },
      { env: undefined, file: "/run/b" },
    ]);
  });

  test("keeps a # within a cell: only a whole line is a comment", () => {
    expect(csvOf("file\n/run/tok#1\n# /run/tok#2\n  # /run/tok#3\n/run/#4\n")?.map(({ file }) => file)).toEqual([
      "/run/tok#1",
      "/run/#4",
    ]);
  });

  test("leaves the rest of a key that only a part of is an identity's own", () => {
    const credential = { use: "managed-identity", authorityHost: "https://login.test" };
    const base = { strategy: "keyvault", vault: "my-vault", secret: "mcp", credential };
    const [first, second] = csvOf("credential.clientId\na-client\nb-client\n", base) ?? [];
    expect(first?.credential).toMatchObject({ ...credential, clientId: "a-client" });
    expect(second?.credential).toMatchObject({ ...credential, clientId: "b-client" });
  });

  test("leads deeper with a dot, and leaves what is the same for all in its final form", () => {
    const base = { strategy: "oauth", issuer: "https://login.test", identities: { csv: "users.csv" } };
    const found = identities(base, "clientId,clientSecret.env,scope\nfirst,SECRET_A,a b\nsecond,SECRET_B,\n");
    expect(found).toMatchObject([
      { clientId: "first", clientSecret: { env: "SECRET_A" }, scope: "a b", issuer: "https://login.test" },
      { clientId: "second", clientSecret: { env: "SECRET_B" }, authMethod: "auto" },
    ]);
    expect(csvOf("secret\nmcp-a\n", { strategy: "keyvault", vault: "my-vault", reread: "2m" })).toMatchObject([
      { secret: "mcp-a", vault: "https://my-vault.vault.azure.net", reread: 120_000 },
    ]);
  });

  test("may give each identity what has a unit", () => {
    expect(csvOf("reread,secret\n90s,a\n", { strategy: "keyvault", vault: "my-vault" })).toMatchObject([
      { reread: 90_000 },
    ]);
  });

  test.each([
    ["a column that is no key", "env,colour\nA,red\n", /^column 2 is no key of bearer, which has env, file, optional$/],
    ["keys that all share", "env,allowPlainHttp\nA,true\n", /^column 2 is no key/],
    ["no line of keys at all", "hunter2\nhunter3\n", /^column 1 is no key/],
    ["a value that breaks its rule", "env\nGOOD\nhunter2 !\n", /^line 3, column env: must be the name of an env/],
    ["a row that lacks what it needs", "env,file\nA,\n,\n", /^line 3: needs exactly one of env and file$/],
    ["a row with both", "env,file\nA,hunter2\n", /^line 2: needs exactly one of env and file$/],
    ["a row with more cells", "env\nA\nB,hunter2\n", /^it is no CSV .* \(line 3\)$/],
    ["an open quote", 'env\nA\n"hunter2\n', /^it is no CSV/],
    ["a secret", "file\nghp_hunter2hunter2hunter2\n", /^line 2, column file: looks like a secret itself/],
    ["no rows", "env\n", /^it has no row/],
    ["nothing", "", /^it has no row/],
    ["more than 10,000 rows", `env\n${"A\n".repeat(10_001)}`, /^it has more than 10000 rows$/],
  ])("with %s is refused, its values are not quoted", (_name, csv, why) => {
    const error = failure(() => csvOf(csv));
    expect(error).toMatchObject({ code: "AUTH_IDENTITIES", detail: { place: "users.csv" } });
    expect(error.detail.why).toMatch(why);
    expect(inspect(error, { depth: null })).not.toContain("hunter");
  });

  test("with a key too deep is refused, and named by its column", () => {
    const base = { strategy: "oauth", identities: { csv: "users.csv" } };
    const error = failure(() => identities(base, "clientId,clientSecret.text\na,hunter2\n"));
    expect(error.detail.why).toMatch(/^line 2, column clientSecret.text: has another key than env file vault/);
    expect(inspect(error, { depth: null })).not.toContain("hunter");
  });

  test("that is not there is missing; one that cannot be read is unreadable", () => {
    const auth = z.parse(authSchema, { strategy: "bearer", identities: { csv: "users.csv" } });
    const read = (world: FakeWorld) => failure(() => writtenIdentities(strategyKind(auth), auth, world));
    expect(read(new FakeWorld())).toMatchObject({ code: "AUTH_MISSING", detail: { place: "users.csv" } });
    expect(read(new FakeWorld({ "users.csv": null }))).toMatchObject({ code: "AUTH_UNREADABLE" });
  });

  test("whatever is in it, ends in identities or an AuthError", () => {
    const cell = fc.oneof(fc.constantFrom("env", "file", "A", "__proto__", "constructor", "a.b", '"', ""), fc.string());
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 5 }), (rows) => {
        try {
          csvOf(rows.map((row) => row.join(",")).join("\n"));
        } catch (error) {
          expect(error).toBeInstanceOf(AuthError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

import { describe, expect, test } from "vitest";
import { STRATEGIES } from "../../auth/strategies.ts";
import { load, refusal } from "../config/temporary-project.ts";

const messageFor = (auth: string): string =>
  refusal(() => load(`servers:\n  a:\n    url: https://a.example/mcp\n    auth: ${auth}\n`)).faults.join("\n");

const strategies = Object.keys(STRATEGIES).filter((name) => name !== "none");

describe("a strategy by its bare name", () => {
  test.each(strategies)("%s is answered with the keys that it needs", (name) => {
    expect(messageFor(name)).toMatch(
      new RegExp(`servers.a.auth: needs its keys: \\{ strategy: ${name}, \\w+: .+ \\}$`),
    );
    expect(messageFor(name)).not.toContain("...");
  });
});

describe("a name with a typo", () => {
  test.each(strategies)("of %s leads to that one, shown with its keys", (name) => {
    const meant = new RegExp(`did you mean \\{ strategy: ${name}, `);
    expect(messageFor(`${name}x`)).toMatch(meant);
    expect(messageFor(`{ strategy: ${name}x }`)).toMatch(meant);
  });

  test("of none leads to none", () => {
    expect(messageFor("nnoe")).toMatch(/did you mean none\?$/);
  });
});

test("a name that resembles none lists them all", () => {
  for (const name of strategies) expect(messageFor("magic")).toContain(name);
});

describe("keys that could never work, or that nobody would read", () => {
  const secretIn = (reference: string) => `{ strategy: oauth, clientId: a, clientSecret: ${reference} }`;
  const keyvault = (more: string) => `{ strategy: keyvault, vault: my-vault, ${more} }`;
  const key = (more: string) => `{ strategy: oauth, clientId: a, privateKey: { env: K }, ${more} }`;
  const secret = (more: string) => `{ strategy: oauth, clientId: a, clientSecret: { env: S }, ${more} }`;

  test.each([
    ["{ strategy: entra, identities: { prefix: a } }", "identities.prefix", "entra cannot list identities by a prefix"],
    ["{ strategy: bearer, identities: { prefix: a } }", "identities.prefix", "bearer cannot list identities"],
    ["{ strategy: entra, identities: { env: [A] } }", "identities.env", "entra reads no token from a variable"],
    ["{ strategy: command, run: [a], identities: { env: [A] } }", "identities.env", "command reads no token"],
    [keyvault("identities: { env: [A] }"), "identities.env", "keyvault reads no token from a variable"],
    ["{ strategy: bearer, file: f, identities: { env: [A] } }", "identities.env", "neither env nor file goes with it"],
    ["{ strategy: bearer, env: E, identities: { env: [A] } }", "identities.env", "neither env nor file goes with it"],
    [keyvault("secret: s, identities: { prefix: a }"), "secret", "does not go with identities.prefix"],
    [keyvault(`version: ${"a".repeat(32)}, identities: { prefix: a }`), "version", "is a version of one secret"],
    [secret("keyId: k"), "keyId", "goes with privateKey"],
    [secret("algorithm: PS256"), "algorithm", "goes with privateKey"],
    [key("authMethod: post"), "authMethod", "goes with clientSecret"],
    [secretIn(`{ env: S, version: ${"a".repeat(32)} }`), "clientSecret.version", "goes with vault"],
    [secretIn("{ file: s, credential: { use: browser } }"), "clientSecret.credential", "goes with vault"],
  ])("%s are refused where they stand", (auth, where, why) => {
    const message = messageFor(auth);
    expect(message).toContain(`auth.${where}: `);
    expect(message).toContain(why);
    // The line and the column of the key itself.
    expect(message).toMatch(new RegExp(`:4:${"    auth: ".length + auth.lastIndexOf(lastOf(where)) + 1}\\b`));
  });

  const lastOf = (where: string): string => `${where.split(".").at(-1)}:`;

  test.each([
    "{ strategy: bearer, identities: { env: [A] } }",
    keyvault("identities: { prefix: a }"),
    keyvault(`secret: s, version: ${"a".repeat(32)}`),
    keyvault("secret: s, reread: 24h"),
    "{ strategy: command, run: [a], lives: 12h }",
    key("algorithm: PS256, keyId: k"),
    secret("authMethod: post"),
    secretIn("{ vault: my-vault, secret: s, credential: { use: browser } }"),
  ])("%s is none of them", (auth) => {
    expect(() => load(`servers:\n  a:\n    url: https://a.example/mcp\n    auth: ${auth}\n`)).not.toThrow();
  });
});

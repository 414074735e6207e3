import { expect, test, vi } from "vitest";
import type { AuthError } from "../../../auth/auth-error.ts";
import { oauth } from "../../../auth/strategy/oauth.ts";
import { KEYS, pemOf, protectedSetting, SECRET, settingsOf, statusWith } from "../oauth/protected-setting.ts";

const asAssertion = (key: string, over: object = {}) => ({
  clientSecret: null,
  privateKey: { env: "OAUTH_PRIVATE_KEY" },
  clientId: key,
  ...over,
});

test("a token is had from what the server publishes, and the server takes it", async () => {
  const setting = await protectedSetting({ path: "/tenant1" });
  const token = await setting.source().fetch(null);
  expect(await statusWith(setting, undefined)).toBe(401);
  expect(await statusWith(setting, token?.value)).toBe(200);
  expect(token?.livesMs).toBe(3_600_000);
  expect(setting.oauth.granted).toEqual([
    { clientId: "load-test", method: "client_secret_basic", scope: null, resource: setting.mcp.url },
  ]);
});

test("what was found out serves for the next tokens too, and for all identities at once", async () => {
  const setting = await protectedSetting();
  const sources = Array.from({ length: 20 }, () => setting.source());
  const tokens = await Promise.all(sources.map((source) => source.fetch(null)));
  await setting.source().fetch(null);
  expect(new Set(tokens.map((token) => token?.value)).size).toBe(20);
  expect(setting.oauth.counts).toMatchObject({ token: 21, issued: 21, metadata: 1 });
  expect(setting.mcp.counts).toMatchObject({ absent: 1, metadata: 1 });
});

test.each([
  ["auto", ["client_secret_post"], "client_secret_post"],
  ["auto", ["client_secret_post", "client_secret_basic"], "client_secret_basic"],
  ["auto", ["private_key_jwt"], "client_secret_basic"],
  ["post", ["client_secret_basic"], "client_secret_post"],
  ["basic", ["client_secret_post"], "client_secret_basic"],
] as const)(
  "with authMethod %s and an issuer that says %j the secret goes by %s",
  async (authMethod, authMethods, used) => {
    const setting = await protectedSetting({ authMethods });
    await setting.source({ authMethod }).fetch(null);
    expect(setting.oauth.granted[0]?.method).toBe(used);
  },
);

test("with tokenEndpoint nothing is asked but the endpoint", async () => {
  const setting = await protectedSetting();
  const token = await setting.source({ issuer: null, tokenEndpoint: setting.oauth.tokenEndpoint }).fetch(null);
  expect(await statusWith(setting, token?.value)).toBe(200);
  expect(setting.oauth.counts).toMatchObject({ metadata: 0, token: 1, elsewhere: 0 });
  expect(setting.mcp.counts).toMatchObject({ metadata: 0, absent: 0 });
});

test.each([
  ["RS256", "RS256", {}],
  ["PS256", "RS256", { algorithm: "PS256", keyId: "2026-01" }],
  ["ES256", "ES256", {}],
  ["EdDSA", "EdDSA", { algorithm: "EdDSA" }],
] as const)(
  "an assertion signed as %s proves the client, as does one for a given endpoint",
  async (client, key, over) => {
    const setting = await protectedSetting();
    setting.env.OAUTH_PRIVATE_KEY = pemOf(key);
    await setting.source(asAssertion(client, over)).fetch(null);
    const { tokenEndpoint } = setting.oauth;
    await setting.source(asAssertion(client, { ...over, issuer: null, tokenEndpoint })).fetch(null);
    expect(setting.oauth.granted.map(({ method }) => method)).toEqual(["private_key_jwt", "private_key_jwt"]);
    expect(setting.oauth.refusals).toEqual([]);
  },
);

test.each([600, -600])("an issuer whose clock is %s s off is understood from its second answer on", async (aheadS) => {
  const setting = await protectedSetting();
  setting.env.OAUTH_PRIVATE_KEY = pemOf("ES256");
  setting.oauth.behaviour.clockAheadMs = aheadS * 1000;
  const source = setting.source(asAssertion("ES256"));
  expect((await source.fetch(null))?.livesMs).toBe(3_600_000);
  expect(setting.oauth.counts).toMatchObject({ token: 2, issued: 1 });
  await source.fetch(null);
  expect(setting.oauth.counts).toMatchObject({ token: 3, issued: 2 });
});

test("an assertion that is refused by an issuer with the right time is not sent again", async () => {
  const setting = await protectedSetting();
  setting.env.OAUTH_PRIVATE_KEY = pemOf("ES256");
  await expect(setting.source(asAssertion("EdDSA")).fetch(null)).rejects.toMatchObject({
    code: "AUTH_REFUSED",
    detail: { place: setting.oauth.tokenEndpoint, status: 401, why: "HTTP 401 invalid_client" },
  });
  expect(setting.oauth.counts.token).toBe(1);
});

test("a wrong clock does not send a secret twice: it has no dates", async () => {
  const setting = await protectedSetting();
  setting.env.OAUTH_CLIENT_SECRET = "wrong";
  setting.oauth.behaviour.clockAheadMs = 600_000;
  await expect(setting.source().fetch(null)).rejects.toMatchObject({ code: "AUTH_REFUSED" });
  expect(setting.oauth.counts.token).toBe(1);
});

test("without an issuer of the user's no secret leaves, and the refusal names the issuer to accept", async () => {
  const setting = await protectedSetting();
  const refused = await setting
    .source({ issuer: null })
    .fetch(null)
    .then(null, (error: AuthError) => error);
  expect(refused).toMatchObject({ code: "AUTH_UNTRUSTED" });
  expect((refused as AuthError).sentence).toContain(`loadtest.yaml says issuer: ${setting.oauth.issuer}`);
  expect(setting.oauth.counts).toMatchObject({ token: 0, metadata: 0, elsewhere: 0 });
});

test("a life of 20 s is told as one, and one that the issuer does not tell is unknown", async () => {
  const setting = await protectedSetting();
  setting.oauth.behaviour.lifeS = 20;
  expect((await setting.source().fetch(null))?.livesMs).toBe(20_000);
  setting.oauth.behaviour.lifeS = null;
  expect((await setting.source().fetch(null))?.livesMs).toBeNull();
});

test("scope and resource are what the user says, before what the server says", async () => {
  const setting = await protectedSetting();
  setting.mcp.protection.scopes = ["read", "call"];
  await setting.source().fetch(null);
  await setting.source({ scope: "own", resource: "api://thing" }).fetch(null);
  await setting.source({ resource: false }).fetch(null);
  expect(setting.oauth.granted.map(({ scope, resource }) => ({ scope, resource }))).toEqual([
    { scope: "read call", resource: setting.mcp.url },
    { scope: "own", resource: "api://thing" },
    { scope: "read call", resource: null },
  ]);
});

test("the scope of the server's 401 comes before all that it supports", async () => {
  const setting = await protectedSetting();
  setting.mcp.protection.scopes = ["everything"];
  setting.mcp.protection.challenge = `Bearer scope="little", resource_metadata="${setting.mcp.metadataUrl}"`;
  await setting.source().fetch(null);
  expect(setting.oauth.granted[0]?.scope).toBe("little");
});

const insufficient = (scope: string | null) => ({
  token: "old",
  challenge: `Bearer error="insufficient_scope"${scope === null ? "" : `, scope="${scope}"`}`,
});

test("a token that does not reach far enough is asked for again with both scopes, once", async () => {
  const setting = await protectedSetting();
  setting.mcp.protection.scopes = ["read"];
  const source = setting.source();
  await source.fetch(null);
  await source.fetch(insufficient("write"));
  expect(setting.oauth.granted.map(({ scope }) => scope)).toEqual(["read", "read write"]);
  await expect(source.fetch(insufficient("read write"))).rejects.toMatchObject({ code: "AUTH_SCOPE" });
  // What was granted once is asked for from then on.
  await source.fetch(null);
  expect(setting.oauth.granted.at(-1)?.scope).toBe("read write");
  expect(setting.oauth.counts.token).toBe(3);
});

test("a scope that the issuer does not give is asked for once, and later tokens come as before", async () => {
  const setting = await protectedSetting({ clients: { "load-test": { secret: SECRET, scopes: ["read"] } } });
  setting.mcp.protection.scopes = ["read"];
  const source = setting.source();
  await source.fetch(null);
  for (let call = 0; call < 3; call++) {
    const refused = await source.fetch(insufficient("admin")).then(null, (error: AuthError) => error);
    expect(refused).toMatchObject({ code: "AUTH_SCOPE" });
    expect((refused as AuthError).sentence).toContain("it wants scope admin, which the issuer does not give");
  }
  expect(setting.oauth.counts).toMatchObject({ token: 2, refused: 1 });
  await source.fetch(null);
  expect(setting.oauth.granted.map(({ scope }) => scope)).toEqual(["read", "read"]);
  expect(setting.oauth.counts.metadata).toBe(1);
});

test("a scope that was missed while the issuer was down is asked for when it is missed again", async () => {
  const setting = await protectedSetting();
  setting.mcp.protection.scopes = ["read"];
  const source = setting.source();
  await source.fetch(null);
  setting.oauth.behaviour.outage = "500";
  await expect(source.fetch(insufficient("write"))).rejects.toMatchObject({ code: "AUTH_UNREACHABLE" });
  setting.oauth.behaviour.outage = "none";
  await source.fetch(null);
  await source.fetch(insufficient("write"));
  expect(setting.oauth.granted.map(({ scope }) => scope)).toEqual(["read", "read", "read write"]);
});

test.each([
  [{ scope: "read" }, "write", "loadtest.yaml fixes read"],
  [{}, null, "without saying which"],
])("with %j a server that misses scope %j is told as such, and no token is asked for", async (over, scope, why) => {
  const setting = await protectedSetting();
  const source = setting.source(over);
  await source.fetch(null);
  const refused = await source.fetch(insufficient(scope)).then(null, (error: AuthError) => error);
  expect(refused).toMatchObject({ code: "AUTH_SCOPE" });
  expect((refused as AuthError).sentence).toContain(why);
  expect(setting.oauth.counts.token).toBe(1);
});

test("a refusal that is not about scopes is answered with another token", async () => {
  const setting = await protectedSetting();
  const source = setting.source();
  const first = await source.fetch(null);
  const second = await source.fetch({ token: first?.value ?? null, challenge: 'Bearer error="invalid_token"' });
  expect(second?.value).not.toBe(first?.value);
});

test("a token endpoint that has moved is found again after one failure", async () => {
  const setting = await protectedSetting();
  const source = setting.source();
  await source.fetch(null);
  setting.oauth.tokenPath = "/v2/token";
  await expect(source.fetch(null)).rejects.toMatchObject({
    code: "AUTH_REFUSED",
    detail: { why: "HTTP 404 not_found" },
  });
  expect(await source.fetch(null)).toMatchObject({ livesMs: 3_600_000 });
});

test.each(["reset", "500", "503", "429"] as const)(
  "a token endpoint that fails (%s) is where it was: nobody asks the server under test about it",
  async (outage) => {
    const setting = await protectedSetting();
    const source = setting.source();
    await source.fetch(null);
    setting.oauth.behaviour.outage = outage;
    for (let failure = 0; failure < 3; failure++) {
      await expect(source.fetch(null)).rejects.toMatchObject({ code: expect.stringMatching(/UNREACHABLE|THROTTLED/) });
    }
    setting.oauth.behaviour.outage = "none";
    await source.fetch(null);
    expect(setting.oauth.counts.metadata).toBe(1);
    expect(setting.mcp.counts).toMatchObject({ absent: 1, metadata: 1 });
  },
);

test("an endpoint that is not there for a while serves again, though nothing can be found out meanwhile", async () => {
  const setting = await protectedSetting();
  const source = setting.source();
  await source.fetch(null);
  setting.oauth.behaviour.answer = { status: 404, body: "" };
  await expect(source.fetch(null)).rejects.toMatchObject({ detail: { status: 404 } });
  setting.oauth.behaviour.answer = null;
  await setting.mcp.close();
  expect(await source.fetch(null)).toMatchObject({ livesMs: 3_600_000 });
});

test("a server that names another issuer by then gets no token by the old way", async () => {
  const setting = await protectedSetting();
  const source = setting.source();
  await source.fetch(null);
  setting.oauth.behaviour.answer = { status: 404, body: "" };
  await expect(source.fetch(null)).rejects.toMatchObject({ detail: { status: 404 } });
  setting.oauth.behaviour.answer = null;
  setting.mcp.protection.authorizationServers = ["https://evil.test"];
  await expect(source.fetch(null)).rejects.toMatchObject({ code: "AUTH_UNTRUSTED" });
  expect(setting.oauth.counts.token).toBe(2);
});

test("an identity that fails late by the old way does not put the new one in doubt", async () => {
  const setting = await protectedSetting();
  const [quick, slow] = [setting.source(), setting.source()];
  await quick.fetch(null);
  setting.oauth.behaviour.answer = { status: 404, body: "" };
  setting.oauth.behaviour.delayMs = 300;
  const late = expect(slow.fetch(null)).rejects.toMatchObject({ detail: { status: 404 } });
  await expect.poll(() => setting.oauth.counts.token).toBe(2);
  setting.oauth.behaviour.delayMs = 0;
  await expect(quick.fetch(null)).rejects.toMatchObject({ detail: { status: 404 } });
  setting.oauth.behaviour.answer = null;
  await quick.fetch(null);
  await late;
  await quick.fetch(null);
  expect(setting.oauth.counts.metadata).toBe(2);
});

test("a secret that was rotated is read again after one refusal", async () => {
  const setting = await protectedSetting();
  setting.world.files["/run/secret"] = "of yesterday\n";
  const source = setting.source({ clientSecret: { file: "/run/secret" } });
  await expect(source.fetch(null)).rejects.toMatchObject({ code: "AUTH_REFUSED" });
  setting.world.files["/run/secret"] = `${SECRET}\n`;
  await source.fetch(null);
  await source.fetch(null);
  expect(setting.oauth.counts).toMatchObject({ issued: 2, refused: 1 });
  expect(setting.world.reads).toBe(2);
});

test("a secret may lie in a vault, and is read there once", async () => {
  const setting = await protectedSetting();
  const secret = vi.fn(async () => ({ value: SECRET, version: "1", expiresAtMs: null }));
  const azure = { token: vi.fn(), secret, secretNames: vi.fn(), chosen: () => null };
  const reference = { vault: "my-vault", secret: "client-secret" };
  const settings = settingsOf({ clientId: "load-test", clientSecret: reference, issuer: setting.oauth.issuer });
  const source = oauth.source(settings, { ...setting.surroundings, azure: async () => azure });
  await source.fetch(null);
  await source.fetch(null);
  expect(secret.mock.calls).toEqual([
    [
      settings.clientSecret?.credential,
      { vault: "https://my-vault.vault.azure.net", secret: "client-secret", version: null },
    ],
  ]);
});

test("an issuer that is down, slow to come back or busy is told by what was seen", async () => {
  const setting = await protectedSetting();
  const { behaviour, tokenEndpoint: place } = setting.oauth;
  const source = setting.source();
  await source.fetch(null);
  behaviour.outage = "reset";
  await expect(source.fetch(null)).rejects.toMatchObject({
    code: "AUTH_UNREACHABLE",
    detail: { place, why: "UND_ERR_SOCKET" },
  });
  behaviour.outage = "500";
  await expect(source.fetch(null)).rejects.toMatchObject({
    code: "AUTH_UNREACHABLE",
    detail: { place, why: "HTTP 500" },
  });
  behaviour.outage = "503";
  behaviour.retryAfter = "7";
  await expect(source.fetch(null)).rejects.toMatchObject({
    code: "AUTH_THROTTLED",
    detail: { status: 503, retryAfterMs: 7000 },
  });
  behaviour.outage = "429";
  behaviour.clockAheadMs = -600_000;
  behaviour.retryAfter = new Date(Date.now() - 600_000 + 90_000).toUTCString();
  const throttled = await source.fetch(null).then(null, (error: AuthError) => error);
  expect(throttled).toMatchObject({ code: "AUTH_THROTTLED" });
  // By the issuer's own clock: ours would say that it has long passed.
  expect((throttled as AuthError).detail.retryAfterMs).toBeGreaterThan(80_000);
});

test("what is secret is known to the redactor in every form in which it was sent", async () => {
  const setting = await protectedSetting();
  const token = await setting.source().fetch(null);
  const basic = Buffer.from(`load-test:${new URLSearchParams({ "": SECRET }).toString().slice(1)}`).toString("base64");
  expect(setting.learned).toEqual(expect.arrayContaining([SECRET, basic, token?.value]));
  setting.env.OAUTH_PRIVATE_KEY = pemOf("EdDSA");
  await setting.source(asAssertion("EdDSA")).fetch(null);
  expect(setting.learned).toContain(pemOf("EdDSA").trim());
  expect(setting.learned.filter((secret) => secret.split(".").length === 3)).toHaveLength(1);
});

test("no error repeats a secret, whatever the issuer says", async () => {
  const setting = await protectedSetting();
  const answers = [
    { status: 401, body: JSON.stringify({ error: SECRET, error_description: SECRET }) },
    { status: 400, body: JSON.stringify({ error: "canary-token-canary-token-canary-token-canary" }) },
    { status: 200, body: JSON.stringify({ access_token: "canary", token_type: "mac" }) },
    { status: 200, body: `canary ${SECRET}` },
    { status: 302, body: "", headers: { location: `https://evil.test/?${SECRET}` } },
  ];
  for (const answer of answers) {
    setting.oauth.behaviour.answer = answer;
    const error = await setting
      .source()
      .fetch(null)
      .then(null, (found: AuthError) => found);
    expect((error as AuthError).sentence).not.toMatch(/s3cret|canary/);
    expect(JSON.stringify([error, (error as AuthError).cause ?? null])).not.toMatch(/s3cret|canary/);
  }
});

test("what is not there is missing by its name", () => {
  const own = (keys: object) => settingsOf({ clientId: "a", clientSecret: { env: "SECRET" }, ...keys });
  const readFile = (path: string): string => {
    if (path === "/there") return "x";
    throw Object.assign(new Error(), { code: path === "/locked" ? "EACCES" : "ENOENT" });
  };
  const missing = (keys: object, env: Record<string, string> = { SECRET: "x", ID: "x" }) =>
    oauth.missing(own(keys), { lookup: (name) => env[name], readFile });
  expect(missing({})).toBeNull();
  expect(missing({}, {})).toBe("SECRET");
  expect(missing({ clientId: { env: "ID" } }, { SECRET: "x" })).toBe("ID");
  expect(missing({ clientId: { env: "ID" } })).toBeNull();
  expect(missing({ clientSecret: { file: "/there" } })).toBeNull();
  expect(missing({ clientSecret: { file: "/nowhere" } })).toBe("/nowhere");
  expect(missing({ clientSecret: { file: "/locked" } })).toBe("/locked");
  expect(missing({ clientSecret: { vault: "my-vault", secret: "a" } })).toBeNull();
});

test("a client id that is not there is told by its variable", async () => {
  const setting = await protectedSetting();
  await expect(setting.source({ clientId: { env: "NOBODY" } }).fetch(null)).rejects.toMatchObject({
    code: "AUTH_MISSING",
    detail: { place: "NOBODY" },
  });
});

test.each([
  [{ clientId: null }, "needs clientId"],
  [{ clientSecret: null }, "needs exactly one of clientSecret and privateKey"],
  [{ privateKey: { env: "KEY" } }, "needs exactly one of clientSecret and privateKey"],
  [{ clientSecret: {} }, "needs exactly one of env, file and vault"],
  [{ clientSecret: { env: "A", file: "b" } }, "needs exactly one of env, file and vault"],
  [{ clientSecret: { vault: "my-vault" } }, "needs vault and secret together"],
  [{ clientSecret: "s3cret" }, "must be a map"],
  [{ issuer: "http://idp.example.com" }, "must be the issuer"],
  [{ issuer: "https://user:secret@idp.example.com" }, "must be the issuer"],
  [{ tokenEndpoint: "https://idp.example.com/#a" }, "must be a token endpoint"],
  [{ resource: "not absolute" }, "must be an absolute URI"],
  [{ resource: true }, "must be an absolute URI"],
  [{ algorithm: "HS256" }, "must be one of RS256, PS256, ES256, EdDSA"],
  [{ authMethod: "jwt" }, "must be auto, basic or post"],
])("settings with %j are refused: %s", (over, rule) => {
  expect(() => settingsOf({ clientId: "a", clientSecret: { env: "S" }, ...over })).toThrow(rule);
});

test("with identities the client may be told by their list alone", () => {
  expect(settingsOf({ identities: { csv: "clients.csv" }, issuer: "https://idp.example.com" })).toMatchObject({
    identities: { csv: "clients.csv" },
  });
});

test("the keys of the tests are of the kinds that they are named after", () => {
  expect(Object.values(KEYS).map(({ privateKey }) => privateKey.asymmetricKeyType)).toEqual(["rsa", "ec", "ed25519"]);
});

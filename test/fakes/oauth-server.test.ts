import { generateKeyPairSync, sign } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { guardedHttp } from "../../auth/http/guarded-http.ts";
import { OAuthServer } from "./oauth-server.ts";
import { TestAuthority } from "./test-tls.ts";

/** Tests lean on what the fake refuses, so this is tested too. */

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

const serving = async () => {
  const authority = new TestAuthority();
  const oauth = await OAuthServer.start(authority, {
    clients: { plain: { secret: "s", scopes: ["a", "b"] }, signer: { key: { publicKey, algorithm: "ES256" } } },
    resources: ["https://mcp.test/mcp"],
  });
  onTestFinished(async () => {
    await oauth.close();
    authority.close();
  });
  const ask = async (
    body: string,
    headers: Record<string, string> = {},
  ): Promise<Readonly<Record<string, unknown>>> => {
    const { status, body: text } = await guardedHttp({
      method: "POST",
      url: oauth.tokenEndpoint,
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body,
      trust: "given",
      server: { url: oauth.origin, tls: { ca: authority.caPath } },
    });
    return { status, ...(JSON.parse(text) as Record<string, unknown>) };
  };
  return { oauth, ask };
};

const GRANT = "grant_type=client_credentials";
const POST = `${GRANT}&client_id=plain&client_secret=s`;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const assertion = (aud: unknown, over: object = {}, header: object = {}): string => {
  const nowS = Math.floor(Date.now() / 1000);
  const claims = {
    iss: "signer",
    sub: "signer",
    aud,
    iat: nowS,
    exp: nowS + 60,
    jti: Math.random().toString(),
    ...over,
  };
  const text = `${part({ alg: "ES256", ...header })}.${part(claims)}`;
  const signature = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
};
const TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const withAssertion = (client_assertion: string): string =>
  `${GRANT}&${new URLSearchParams({ client_id: "signer", client_assertion_type: TYPE, client_assertion })}`;

test("tokens are given for the right secret, each another one, and end when they say", async () => {
  const { oauth, ask } = await serving();
  oauth.behaviour.lifeS = 20;
  const first = await ask(`${POST}&scope=a&resource=https://mcp.test/mcp`);
  const second = await ask(GRANT, { authorization: `Basic ${Buffer.from("plain:s").toString("base64")}` });
  expect(first).toMatchObject({ status: 200, token_type: "Bearer", expires_in: 20, scope: "a" });
  expect(second.access_token).not.toBe(first.access_token);
  const token = String(first.access_token);
  expect(oauth.introspect(token)).toMatchObject({ clientId: "plain", resource: "https://mcp.test/mcp", number: 1 });
  oauth.behaviour.clockAheadMs = 20_001;
  expect(oauth.introspect(token)).toBeNull();
});

test.each([
  ["another grant", POST.replace("client_credentials", "password"), 400, "unsupported_grant_type"],
  ["a doubled parameter", `${POST}&scope=a&scope=b`, 400, "invalid_request"],
  ["a wrong secret", POST.replace("secret=s", "secret=t"), 401, "invalid_client"],
  ["an unknown client", POST.replace("id=plain", "id=nobody"), 401, "invalid_client"],
  ["no proof", `${GRANT}&client_id=plain`, 401, "invalid_client"],
  ["a scope beyond the client's", `${POST}&scope=c`, 400, "invalid_scope"],
  ["another resource", `${POST}&resource=https://other.test`, 400, "invalid_target"],
])("it refuses %s", async (_name, body, status, error) => {
  const { oauth, ask } = await serving();
  expect(await ask(body)).toMatchObject({ status, error });
  expect(oauth.counts).toMatchObject({ token: 1, issued: 0, refused: 1 });
});

test("it refuses two proofs at once, and a body that is no form", async () => {
  const { ask } = await serving();
  const authorization = `Basic ${Buffer.from("plain:s").toString("base64")}`;
  expect(await ask(POST, { authorization })).toMatchObject({ error: "invalid_client" });
  expect(await ask("{}", { "content-type": "application/json" })).toMatchObject({ error: "invalid_request" });
});

test("an assertion is good once, for this issuer or its endpoint", async () => {
  const { oauth, ask } = await serving();
  const once = withAssertion(assertion(oauth.issuer));
  expect(await ask(once)).toMatchObject({ status: 200 });
  expect(await ask(once)).toMatchObject({ error: "invalid_client", error_description: "jti" });
  expect(await ask(withAssertion(assertion(oauth.tokenEndpoint)))).toMatchObject({ status: 200 });
});

const SOON_S = Math.floor(Date.now() / 1000);
test.each([
  ["for somebody else", ["https://other.test"], {}, {}, "aud"],
  ["for two", [null, "https://other.test"], {}, {}, "aud"],
  ["that has ended", [null], { exp: SOON_S - 1 }, {}, "exp"],
  ["that lives for an hour", [null], { exp: SOON_S + 3600 }, {}, "exp"],
  ["of the future", [null], { iat: SOON_S + 600, exp: SOON_S + 200 }, {}, "iat"],
  ["of another client", [null], { sub: "plain" }, {}, "iss or sub"],
  ["without an id", [null], { jti: undefined }, {}, "jti"],
  ["that says `none`", [null], {}, { alg: "none" }, "alg none"],
])("it refuses an assertion %s", async (_name, audiences, claims, header, why) => {
  const { oauth, ask } = await serving();
  const aud = audiences.map((audience) => audience ?? oauth.issuer);
  const answer = await ask(withAssertion(assertion(aud, claims, header)));
  expect(answer).toMatchObject({ status: 401, error: "invalid_client" });
  expect(answer.error_description).toContain(why);
});

test("it refuses an assertion whose words were changed after it was signed", async () => {
  const { oauth, ask } = await serving();
  const [head, , signature] = assertion(oauth.issuer).split(".");
  const [, other] = assertion(oauth.issuer).split(".");
  expect(await ask(withAssertion(`${head}.${other}.${signature}`))).toMatchObject({ error_description: "signature" });
});

import { expect, test } from "vitest";
import { guardedHttp } from "../../../auth/http/guarded-http.ts";
import type { Token } from "../../../auth/token.ts";
import type { World } from "../../../auth/world.ts";
import { endless, json, redirect, scriptedServer, silent, trickling } from "../../fakes/scripted-server.ts";
import { type ProtectedSetting, protectedSetting, SECRET } from "./protected-setting.ts";

/**
 * What servers may try with a client secret in the bridge's hand. Every test ends with the same question: has anybody
 * but the user's issuer heard it, in any form?
 */

const fetchIn = (setting: ProtectedSetting, over: Readonly<Record<string, unknown>> = {}): Promise<Token | null> =>
  setting.source(over).fetch(null);

/** Those that never end their answers are waited for as short as a test wants it; it is the same limit. */
const impatientWith =
  (origin: string): World["http"] =>
  (question) =>
    guardedHttp(question.url.startsWith(origin) ? { ...question, limitMs: 200 } : question);

const FORMS = [
  SECRET,
  encodeURIComponent(SECRET),
  new URLSearchParams({ "": SECRET }).toString().slice(1),
  Buffer.from(`load-test:${new URLSearchParams({ "": SECRET }).toString().slice(1)}`).toString("base64"),
];
const hasSecret = (text: string): boolean => FORMS.some((form) => text.includes(form));

test("the question of these tests can be answered with yes", async () => {
  const setting = await protectedSetting();
  const { origin, heard } = await scriptedServer(setting.authority, json({ access_token: "a", token_type: "Bearer" }));
  for (const authMethod of ["basic", "post"]) {
    await fetchIn(setting, { issuer: null, tokenEndpoint: `${origin}/token`, authMethod });
  }
  expect(heard.map(({ all }) => hasSecret(all))).toEqual([true, true]);
});

test("a server that names its own authorization server is not sent the secret meant for the user's", async () => {
  const setting = await protectedSetting();
  const trap = await scriptedServer(setting.authority, (request, response) => {
    json({ issuer: trap.origin, token_endpoint: `${trap.origin}/token` })(request, response);
  });
  setting.mcp.protection.authorizationServers = [trap.origin];
  for (const issuer of [setting.oauth.issuer, null]) {
    await expect(fetchIn(setting, { issuer })).rejects.toMatchObject({ code: "AUTH_UNTRUSTED" });
  }
  expect(trap.heard).toEqual([]);
  expect(setting.oauth.counts.token).toBe(0);
});

test.each(["https://other.example.com/mcp", "https://127.0.0.1/mcp"])(
  "metadata about %s is not this server's",
  async (resource) => {
    const setting = await protectedSetting();
    setting.mcp.protection.metadata = { resource };
    await expect(fetchIn(setting)).rejects.toMatchObject({ code: "AUTH_UNTRUSTED" });
    expect(setting.oauth.counts).toMatchObject({ token: 0, metadata: 0 });
  },
);

test("a doubled resource_metadata is followed to neither place", async () => {
  const setting = await protectedSetting();
  const trap = await scriptedServer(setting.authority, json({}));
  const { metadataUrl } = setting.mcp;
  setting.mcp.protection.challenge = `Bearer resource_metadata="${metadataUrl}", resource_metadata="${trap.origin}/x"`;
  await expect(fetchIn(setting)).rejects.toMatchObject({ code: "AUTH_UNTRUSTED" });
  expect(trap.heard).toEqual([]);
  expect(setting.mcp.counts.metadata).toBe(0);
});

test.each([
  "https://169.254.169.254/metadata/identity/oauth2/token",
  "https://2852039166/",
  "https://0251.0376.0251.0376/",
  "https://[::ffff:169.254.169.254]/",
  "https://[fe80::1]/",
  "https://[fd00:ec2::254]/",
  "http://169.254.169.254/",
  "http://127.0.0.1:80/",
  "ftp://127.0.0.1/",
])("a challenge that leads to %s leads nowhere", async (place) => {
  const setting = await protectedSetting();
  setting.mcp.protection.challenge = `Bearer resource_metadata="${place}"`;
  await expect(fetchIn(setting)).rejects.toMatchObject({ code: "AUTH_UNTRUSTED" });
});

test("metadata that redirects is no metadata", async () => {
  const setting = await protectedSetting();
  const trap = await scriptedServer(setting.authority, json({ resource: setting.mcp.url }));
  const hop = await scriptedServer(setting.authority, redirect(`${trap.origin}/there`));
  setting.mcp.protection.challenge = `Bearer resource_metadata="${hop.origin}/prm"`;
  await expect(fetchIn(setting, { issuer: null })).rejects.toMatchObject({ code: "AUTH_UNDISCOVERED" });
  setting.mcp.protection.challenge = undefined;
  setting.mcp.protection.authorizationServers = [hop.origin];
  await expect(fetchIn(setting, { issuer: hop.origin })).rejects.toMatchObject({ code: "AUTH_UNDISCOVERED" });
  expect(hop.heard.map(({ path }) => path)).toContain("/prm");
  expect(trap.heard).toEqual([]);
});

test.each([302, 307, 308])("a token endpoint that redirects with %i takes the secret nowhere", async (status) => {
  const setting = await protectedSetting();
  const trap = await scriptedServer(setting.authority, json({ access_token: "a", token_type: "Bearer" }));
  const hop = await scriptedServer(setting.authority, redirect(`${trap.origin}/token`, status));
  await expect(fetchIn(setting, { issuer: null, tokenEndpoint: `${hop.origin}/t` })).rejects.toMatchObject({
    code: "AUTH_INVALID",
    detail: { why: `HTTP ${status}` },
  });
  expect(trap.heard).toEqual([]);
});

test("the metadata of one tenant does not speak for another on the same host", async () => {
  const setting = await protectedSetting();
  const host = await scriptedServer(setting.authority, (request, response) => {
    json({ issuer: `${host.origin}/evil`, token_endpoint: `${host.origin}/evil/token` })(request, response);
  });
  setting.mcp.protection.authorizationServers = [`${host.origin}/good`];
  await expect(fetchIn(setting, { issuer: `${host.origin}/good` })).rejects.toMatchObject({ code: "AUTH_UNTRUSTED" });
  expect(host.heard.map(({ path }) => path)).toEqual(["/.well-known/oauth-authorization-server/good"]);
  expect(host.heard.some(({ all }) => hasSecret(all))).toBe(false);
});

test.each([
  "http://127.0.0.1:9/token",
  "https://169.254.169.254/token",
  "https://2852039166/token",
  "https://[fe80::1]/token",
])("an issuer whose token endpoint is %s is sent nothing", async (token_endpoint) => {
  const setting = await protectedSetting();
  const issuer = await scriptedServer(setting.authority, (request, response) => {
    json({ issuer: issuer.origin, token_endpoint })(request, response);
  });
  setting.mcp.protection.authorizationServers = [issuer.origin];
  await expect(fetchIn(setting, { issuer: issuer.origin })).rejects.toMatchObject({ code: "AUTH_UNTRUSTED" });
  expect(issuer.heard.some(({ all }) => hasSecret(all))).toBe(false);
});

const FULL = { "never ends": endless(), "is a GiB long": endless(2 ** 30) };
const SLOW = { trickles: trickling, "never comes": silent };

test.each([
  ...Object.entries(FULL).map(([name, script]) => [name, script, "AUTH_INVALID"] as const),
  ...Object.entries(SLOW).map(([name, script]) => [name, script, "AUTH_UNREACHABLE"] as const),
])("an answer that %s ends, wherever it is given", async (_name, script, code) => {
  const setting = await protectedSetting();
  const hostile = await scriptedServer(setting.authority, script);
  if (code === "AUTH_UNREACHABLE") setting.surroundings.http = impatientWith(hostile.origin);
  setting.mcp.protection.challenge = `Bearer resource_metadata="${hostile.origin}/prm"`;
  await expect(fetchIn(setting)).rejects.toMatchObject({ code, detail: { place: `${hostile.origin}/prm` } });
  setting.mcp.protection.challenge = undefined;
  setting.mcp.protection.authorizationServers = [hostile.origin];
  await expect(fetchIn(setting, { issuer: hostile.origin })).rejects.toMatchObject({ code });
  const tokenEndpoint = `${hostile.origin}/token`;
  await expect(fetchIn(setting, { issuer: null, tokenEndpoint })).rejects.toMatchObject({
    code,
    detail: { place: tokenEndpoint },
  });
  expect(hostile.heard).toHaveLength(3);
});

test("an MCP server that never answers, or is slow for ever, keeps nobody", async () => {
  const setting = await protectedSetting();
  for (const script of [silent, trickling]) {
    const mcp = await scriptedServer(setting.authority, script);
    setting.surroundings.server = { ...setting.surroundings.server, url: `${mcp.origin}/mcp` };
    setting.surroundings.http = impatientWith(mcp.origin);
    await expect(fetchIn(setting)).rejects.toMatchObject({ code: "AUTH_UNREACHABLE" });
  }
});

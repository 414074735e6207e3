import { expect, test } from "vitest";
import { parseChallenge } from "../../../auth/discovery/challenge.ts";
import { findProtectedResource } from "../../../auth/discovery/protected-resource.ts";
import { Web } from "./web.ts";

const SERVER = "https://mcp.test/team/mcp";
const WITH_PATH = "https://mcp.test/.well-known/oauth-protected-resource/team/mcp";
const AT_ROOT = "https://mcp.test/.well-known/oauth-protected-resource";
const DOCUMENT = { resource: SERVER, authorization_servers: ["https://idp.test"], scopes_supported: ["a", "b"] };

const find = (web: Web, challenge: string | null = null, server = SERVER) =>
  findProtectedResource(parseChallenge(challenge), web.finder(server));
const naming = (...places: readonly string[]): string =>
  `Bearer ${places.map((place) => `resource_metadata="${place}"`).join(", ")}`;

test("the document that the 401 names is taken, wherever it is, and no other is asked for", async () => {
  const web = new Web({ "https://docs.test/prm": DOCUMENT, [WITH_PATH]: { resource: "https://evil.test" } });
  expect(await find(web, naming("https://docs.test/prm"))).toEqual({
    place: "https://docs.test/prm",
    resource: SERVER,
    authorizationServers: ["https://idp.test"],
    scopesSupported: ["a", "b"],
  });
  expect(web.urls).toEqual(["https://docs.test/prm"]);
  expect(web.asked[0]?.trust).toBe("claimed");
});

test("a named document that is not there is not looked for elsewhere", async () => {
  const web = new Web({ [WITH_PATH]: DOCUMENT });
  expect(await find(web, naming("https://mcp.test/prm"))).toBeNull();
  expect(web.urls).toEqual(["https://mcp.test/prm"]);
});

test("unnamed, it is looked for at the well-known places, the one with the path first", async () => {
  const web = new Web({ [AT_ROOT]: { resource: "https://mcp.test" } });
  expect(await find(web)).toMatchObject({ place: AT_ROOT, resource: "https://mcp.test", authorizationServers: [] });
  expect(web.urls).toEqual([WITH_PATH, AT_ROOT]);
  const both = new Web({ [AT_ROOT]: { resource: "https://evil.test" }, [WITH_PATH]: DOCUMENT });
  expect(await find(both)).toMatchObject({ place: WITH_PATH });
});

test("a server without a path has one well-known place", async () => {
  const web = new Web({});
  expect(await find(web, null, "https://mcp.test/")).toBeNull();
  expect(web.urls).toEqual([AT_ROOT]);
});

test.each([
  ["https://mcp.test/team/mcp", true],
  ["https://mcp.test/team/mcp/", true],
  ["https://mcp.test/team", true],
  ["https://mcp.test/", true],
  ["https://MCP.test:443/team", true],
  ["https://mcp.test/tea", false],
  ["https://mcp.test/team/mcp/more", false],
  ["https://mcp.test/TEAM/mcp", false],
  ["https://mcp.test/team/mcp?x", false],
  ["https://mcp.test/team/mcp#x", false],
  ["https://user@mcp.test/team/mcp", false],
  ["http://mcp.test/team/mcp", false],
  ["https://mcp.test:8443/team/mcp", false],
  ["https://mcp.test.evil.test/team/mcp", false],
  ["https://evil.test/team/mcp", false],
  ["mcp", false],
  [["https://mcp.test/team/mcp"], false],
  [undefined, false],
])("a document about %j speaks for this server: %s", async (resource, isTaken) => {
  const found = find(new Web({ [WITH_PATH]: { ...DOCUMENT, resource } }));
  if (isTaken) expect(await found).toMatchObject({ resource });
  else await expect(found).rejects.toMatchObject({ code: "AUTH_UNTRUSTED", detail: { place: WITH_PATH } });
});

test.each([
  [naming("https://mcp.test/a", "https://mcp.test/b")],
  [naming("https://mcp.test/a", "https://mcp.test/a")],
  [`${naming("https://mcp.test/a")}, ${naming("https://evil.test/b")}`],
])("a doubled resource_metadata is followed nowhere: %s", async (challenge) => {
  const web = new Web({});
  await expect(find(web, challenge)).rejects.toMatchObject({ code: "AUTH_UNTRUSTED" });
  expect(web.asked).toEqual([]);
});

test.each([
  "https://169.254.169.254/latest",
  "http://mcp.evil.test/x",
  "https://10.0.0.1/",
  "https://2130706433/",
  "x",
])("a 401 that names %s as the place of its document is not followed", async (place) => {
  const web = new Web({ [place]: DOCUMENT });
  await expect(find(web, naming(place))).rejects.toMatchObject({ code: "AUTH_UNTRUSTED" });
  expect(web.asked).toEqual([]);
});

test.each(["<html></html>", "[]", "null", '"x"', "{"])("a document that is %s is invalid", async (body) => {
  await expect(find(new Web({ [WITH_PATH]: body }))).rejects.toMatchObject({ code: "AUTH_INVALID" });
});

test("a redirect is no document", async () => {
  const web = new Web({ [WITH_PATH]: { status: 302, headers: { location: "https://evil.test" } } });
  expect(await find(web)).toBeNull();
  expect(web.urls).toEqual([WITH_PATH, AT_ROOT]);
});

test("a server that is down or asks to wait does not count as one that publishes nothing", async () => {
  await expect(find(new Web({ [WITH_PATH]: { status: 503 } }))).rejects.toMatchObject({ code: "AUTH_UNREACHABLE" });
  await expect(find(new Web({ [WITH_PATH]: { status: 429 } }))).rejects.toMatchObject({ code: "AUTH_THROTTLED" });
  const busy = new Web({ [WITH_PATH]: { status: 429, headers: { "retry-after": "17" } } });
  await expect(find(busy)).rejects.toMatchObject({ detail: { status: 429, retryAfterMs: 17_000 } });
});

test("of endless lists of anything, few things that are texts are taken", async () => {
  const authorization_servers = [
    1,
    null,
    "a b",
    "",
    "x".repeat(3000),
    ...Array.from({ length: 999 }, (_, i) => `https://i${i}.test`),
  ];
  const web = new Web({ [WITH_PATH]: { ...DOCUMENT, authorization_servers, scopes_supported: "no list" } });
  const found = await find(web);
  expect(found?.authorizationServers).toEqual([
    "https://i0.test",
    "https://i1.test",
    "https://i2.test",
    "https://i3.test",
    "https://i4.test",
  ]);
  expect(found?.scopesSupported).toEqual([]);
});

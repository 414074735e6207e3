import { expect, test } from "vitest";
import { findAuthorizationServer } from "../../../auth/discovery/authorization-server.ts";
import { Web } from "./web.ts";

const SERVER = "https://mcp.test/mcp";
const find = (web: Web, issuer: string) => findAuthorizationServer(issuer, web.finder(SERVER));

test("an issuer with a path is looked for in three places, in this order", async () => {
  const issuer = "https://idp.test/tenant1";
  const places = [
    "https://idp.test/.well-known/oauth-authorization-server/tenant1",
    "https://idp.test/.well-known/openid-configuration/tenant1",
    "https://idp.test/tenant1/.well-known/openid-configuration",
  ];
  for (const [index, place] of places.entries()) {
    const web = new Web({ [place]: { issuer, token_endpoint: "https://idp.test/tenant1/token" } });
    expect(await find(web, issuer)).toEqual({
      issuer,
      tokenEndpoint: "https://idp.test/tenant1/token",
      tokenEndpointTrust: "given",
      authMethods: null,
    });
    expect(web.urls).toEqual(places.slice(0, index + 1));
  }
});

test("an issuer without a path is looked for in two", async () => {
  const web = new Web({});
  await expect(find(web, "https://idp.test")).rejects.toMatchObject({ code: "AUTH_UNDISCOVERED" });
  expect(web.urls).toEqual([
    "https://idp.test/.well-known/oauth-authorization-server",
    "https://idp.test/.well-known/openid-configuration",
  ]);
});

test.each([
  ["https://idp.test", "https://idp.test/"],
  ["https://idp.test/a", "https://idp.test/b"],
  ["https://idp.test", "https://IDP.test"],
  ["https://idp.test", "https://evil.test"],
  ["https://idp.test", undefined],
  ["https://idp.test", ["https://idp.test"]],
])("for the issuer %s a document of %j is somebody else's", async (issuer, named) => {
  const path = new URL(issuer).pathname.replace(/\/$/, "");
  const place = `https://idp.test/.well-known/oauth-authorization-server${path}`;
  const web = new Web({ [place]: { issuer: named, token_endpoint: "https://idp.test/token" } });
  await expect(find(web, issuer)).rejects.toMatchObject({ code: "AUTH_UNTRUSTED", detail: { place } });
});

test.each([
  ["https://idp.test/token", "given"],
  ["https://tokens.idp.test/token", "claimed"],
])("the token endpoint %s is as far as the issuer speaks for it: %s", async (token_endpoint, trust) => {
  const place = "https://idp.test/.well-known/oauth-authorization-server";
  const found = await find(new Web({ [place]: { issuer: "https://idp.test", token_endpoint } }), "https://idp.test");
  expect(found).toMatchObject({ tokenEndpoint: token_endpoint, tokenEndpointTrust: trust });
});

test.each([
  ["http://idp.test/token", "AUTH_UNTRUSTED"],
  ["https://169.254.169.254/token", "AUTH_UNTRUSTED"],
  ["https://10.0.0.1/token", "AUTH_UNTRUSTED"],
  ["https://localhost/token", "AUTH_UNTRUSTED"],
  ["https://a:b@idp.test/token", "AUTH_UNTRUSTED"],
  ["/token", "AUTH_UNTRUSTED"],
  ["", "AUTH_INVALID"],
  [undefined, "AUTH_INVALID"],
  [1, "AUTH_INVALID"],
])("a token endpoint %j is not gone to: %s", async (token_endpoint, code) => {
  const place = "https://idp.test/.well-known/oauth-authorization-server";
  const web = new Web({ [place]: { issuer: "https://idp.test", token_endpoint } });
  await expect(find(web, "https://idp.test")).rejects.toMatchObject({ code });
});

import { expect, test } from "vitest";
import { expectedIssuer } from "../../../auth/discovery/expected-issuer.ts";

const naming = (...authorizationServers: readonly string[]) => ({
  place: "https://mcp.test/.well-known/oauth-protected-resource",
  resource: "https://mcp.test/mcp",
  authorizationServers,
  scopesSupported: [],
});

test("the issuer is the one that the user names, when the server names it too or names nobody", () => {
  expect(expectedIssuer("https://idp.test", naming("https://other.test", "https://idp.test"))).toBe("https://idp.test");
  expect(expectedIssuer("https://idp.test", naming())).toBe("https://idp.test");
  expect(expectedIssuer("https://idp.test", null)).toBe("https://idp.test");
});

test("an issuer that is merely like the user's is another one", () => {
  expect(() => expectedIssuer("https://idp.test", naming("https://idp.test/"))).toThrow(
    expect.objectContaining({ code: "AUTH_UNTRUSTED" }),
  );
});

test("a server's word alone names no issuer: the refusal says what to write to accept it", () => {
  let sentence = "";
  try {
    expectedIssuer(undefined, naming("https://idp.test"));
  } catch (error) {
    sentence = (error as { sentence: string }).sentence;
  }
  expect(sentence).toBe(
    "what the server says about its authorization is not to be trusted: " +
      "https://mcp.test/.well-known/oauth-protected-resource (it names https://idp.test; " +
      "no secret goes there unless loadtest.yaml says issuer: https://idp.test)",
  );
});

test("without any word there is nothing to go on", () => {
  for (const resource of [null, naming()]) {
    expect(() => expectedIssuer(undefined, resource)).toThrow(expect.objectContaining({ code: "AUTH_UNDISCOVERED" }));
  }
});

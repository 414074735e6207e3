import { expect, test } from "vitest";
import { credentialsOf, hasWrittenPassword, proxyAuthorization, proxyFor, shownProxy } from "../../config/proxy.ts";

const lookup =
  (env: Record<string, string>) =>
  (name: string): string | undefined =>
    env[name];

const PROXY = "http://proxy.example:3128";

test("without a word no proxy is used, whatever the environment says", () => {
  expect(proxyFor("https://a.example/mcp", "none", lookup({ HTTPS_PROXY: PROXY }))).toEqual({ url: null });
});

test("an address is used for every server, whatever NO_PROXY says", () => {
  expect(proxyFor("https://a.example/mcp", PROXY, lookup({ NO_PROXY: "*" }))).toEqual({ url: PROXY });
});

test.each([
  ["its own variable", "https://a.example/", { HTTPS_PROXY: PROXY }, PROXY],
  ["not the other scheme's", "https://a.example/", { HTTP_PROXY: PROXY }, null],
  ["http has one as well", "http://a.example/", { HTTP_PROXY: PROXY }, PROXY],
  ["the lower-case name first", "https://a.example/", { https_proxy: PROXY, HTTPS_PROXY: "http://other:1" }, PROXY],
  ["one for all", "https://a.example/", { ALL_PROXY: PROXY }, PROXY],
  ["a bare host and port", "https://a.example/", { HTTPS_PROXY: "proxy.example:3128" }, PROXY],
  ["an exempt name", "https://a.example/", { HTTPS_PROXY: PROXY, NO_PROXY: "b.example, a.example" }, null],
  ["what is below an exempt name", "https://mcp.a.example/", { HTTPS_PROXY: PROXY, NO_PROXY: ".a.example" }, null],
  ["no name that only ends alike", "https://ba.example/", { HTTPS_PROXY: PROXY, NO_PROXY: "a.example" }, PROXY],
  ["an exempt port", "https://a.example/", { HTTPS_PROXY: PROXY, NO_PROXY: "a.example:443" }, null],
  ["another port", "https://a.example/", { HTTPS_PROXY: PROXY, NO_PROXY: "a.example:8443" }, PROXY],
  ["all exempt", "https://a.example/", { HTTPS_PROXY: PROXY, no_proxy: "*" }, null],
  ["an IPv4 address", "https://10.0.0.1/", { HTTPS_PROXY: PROXY, NO_PROXY: "10.0.0.1" }, null],
  ["an IPv6 address", "https://[2001:db8::1]/", { HTTPS_PROXY: PROXY, NO_PROXY: "2001:db8::1" }, null],
  ["a process", "stdio:", { HTTPS_PROXY: PROXY, ALL_PROXY: PROXY }, null],
])("env takes %s", (_what, url, env, expected) => {
  expect(proxyFor(url, "env", lookup(env))).toEqual({ url: expected });
});

test("a variable that holds no proxy for http is told by its name, never by its value", () => {
  const found = proxyFor("https://a.example/", "env", lookup({ HTTPS_PROXY: "socks5://user:hunter2@h:1" }));
  expect(found).toEqual({ url: null, fault: "is env, but HTTPS_PROXY is not the URL of an http proxy" });
});

test("the credentials of a proxy are sent decoded, known as secrets, and never shown", () => {
  const url = "http://me:p%40ss@proxy.example:3128";
  const sent = Buffer.from("me:p@ss").toString("base64");
  expect(proxyAuthorization(url)).toBe(`Basic ${sent}`);
  expect(credentialsOf(url)).toEqual([sent, "p%40ss", "p@ss"]);
  expect(shownProxy(url)).toBe("http://proxy.example:3128");
  expect(proxyAuthorization(PROXY)).toBeNull();
  expect(credentialsOf(null)).toEqual([]);
});

test("a password counts as written unless it is a variable's", () => {
  expect(hasWrittenPassword("http://me:hunter2@proxy:1")).toBe(true);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation under test
  expect(hasWrittenPassword("http://me:${PROXY_PASSWORD}@proxy:1")).toBe(false);
  expect(hasWrittenPassword("http://proxy:1")).toBe(false);
});

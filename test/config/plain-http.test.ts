// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation under test
import { describe, expect, test } from "vitest";
import { load, refusal } from "./temporary-project.ts";

const BEARER = "auth: { strategy: bearer, env: A }";
const file = (url: string, more: string): string => `servers:\n  a:\n    url: ${url}\n    ${more}\n`;
const DANGER = "over plain http, and anybody on the way can read it: use https, or say";

describe("a credential over plain http", () => {
  test.each([
    ["to a public name", "http://mcp.example/mcp"],
    ["to a private address: others are on that wire too", "http://10.0.0.7:3000/mcp"],
    ["to a neighbouring container", "http://mcp:3000/mcp"],
    ["in capitals", "HTTP://MCP.EXAMPLE/mcp"],
    ["to an address in disguise", "http://134744072/mcp"],
  ])("%s is refused at its line", (_how, url) => {
    expect(refusal(() => load(file(url, BEARER))).faults).toEqual([
      `loadtest.yaml:3:5 servers.a.url: sends a credential ${DANGER} allowPlainHttp: true in auth`,
    ]);
  });

  test.each([
    ["to this machine", "http://127.0.0.1:3000/mcp", BEARER],
    ["to this machine by name", "http://localhost:3000/mcp", BEARER],
    ["where it is allowed", "http://mcp:3000/mcp", "auth: { strategy: bearer, env: A, allowPlainHttp: true }"],
    ["without one", "http://mcp.example/mcp", "weight: 1"],
    ["with a header that is no secret", "http://mcp.example/mcp", "headers: { X-MCP-Toolsets: repos }"],
    ["over https", "https://mcp.example/mcp", BEARER],
    [
      "with an allowed secret header",
      "http://mcp:3000/mcp",
      "auth: { strategy: none, allowPlainHttp: true }\n    headers: { X-Api-Key: '${KEY}' }",
    ],
  ])("%s is fine", (_how, url, more) => {
    expect(Object.keys(load(file(url, more), { KEY: "k" }).servers)).toEqual(["a"]);
  });

  test("counts a header with a secret's name as one", () => {
    const yaml = file("http://mcp:3000/mcp", "headers: { X-Api-Key: '${KEY}' }");
    expect(refusal(() => load(yaml, { KEY: "hunter2" })).faults).toEqual([
      `loadtest.yaml:3:5 servers.a.url: sends the header x-api-key ${DANGER} auth: { strategy: none, allowPlainHttp: true }`,
    ]);
  });

  test("is told together with the other faults of the file", () => {
    const yaml = file("http://mcp:3000/mcp", `${BEARER}\n    tls: { ca: nowhere.pem }`);
    expect(refusal(() => load(yaml)).faults).toHaveLength(2);
  });
});

describe("MCP_TOKEN over plain http", () => {
  const aim = { MCP_SERVER_URL: "http://mcp:3000/mcp", MCP_TOKEN: "hunter2" };
  const PERMISSION = "servers:\n  target:\n    auth: { strategy: none, allowPlainHttp: true }\n";

  test("is refused, and the sentence names the variables and the way to allow it", () => {
    expect(refusal(() => load("servers: {}\n", aim)).faults).toEqual([
      "MCP_SERVER_URL: sends MCP_TOKEN over plain http, and anybody on the way can read it: use https, or allow it in loadtest.yaml with servers: { target: { auth: { strategy: none, allowPlainHttp: true } } }",
    ]);
  });

  test("is allowed by the very entry that the sentence gives", () => {
    expect(load(PERMISSION, aim).servers.target?.auth).toMatchObject({ strategy: "bearer", allowPlainHttp: true });
  });

  test("is fine on this machine", () => {
    expect(load("servers: {}\n", { ...aim, MCP_SERVER_URL: "http://localhost:3000/mcp" }).isAimed).toBe(true);
  });
});

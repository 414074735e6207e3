import { expect, test } from "vitest";
import { describeServers, describe as told } from "../../config/describe.ts";
import { sharedTrafficFaults } from "../../config/shared-traffic.ts";
import { load } from "./temporary-project.ts";

const servers = (text: string): string => `servers:\n${text.replaceAll(/^/gm, "  ")}\n`;
const MIX = "traffic: { mix: [{ call: search }] }";

test("a server takes traffic and half the weight of the one that it names, and both are told of", () => {
  const settings = load(
    servers(`learn: { url: "http://127.0.0.1:1/mcp", weight: 4, ${MIX} }
next: { url: "http://127.0.0.1:2/mcp", weight: 9, trafficOf: learn }
github: { url: "http://127.0.0.1:3/mcp", weight: 3 }`),
  );
  const { learn, next, github } = settings.servers;
  expect([learn?.weight, next?.weight, github?.weight]).toEqual([2, 2, 3]);
  expect(next?.traffic).toEqual(learn?.traffic);
  expect(learn?.traffic).toBeDefined();
  expect(told(settings, () => null).servers).toMatchObject({
    learn: { trafficOf: null },
    next: { trafficOf: "learn", traffic: learn?.traffic },
  });
  expect(describeServers(settings).next).toMatchObject({ trafficOf: "learn", targetClass: "loopback" });
});

test("three share it in thirds, each with its own credential and limits", () => {
  const { servers: three } = load(
    servers(`a: { url: "http://127.0.0.1:1/mcp", weight: 3 }
b: { url: "https://b.example/mcp", trafficOf: a, auth: { strategy: bearer, env: B_TOKEN }, allow: { users: 5, callsPerSecond: 1 } }
c: { url: "http://127.0.0.1:3/mcp", trafficOf: a }`),
  );
  expect(Object.values(three).map(({ weight }) => weight)).toEqual([1, 1, 1]);
  expect(three.b).toMatchObject({ auth: { strategy: "bearer" }, allow: { users: 5 } });
});

test.each([
  ["no server", "a: { url: 'http://127.0.0.1:1/', trafficOf: b }", "names b, which is no server of this file"],
  ["itself", "a: { url: 'http://127.0.0.1:1/', trafficOf: a }", "names its own server"],
  [
    "one that has none of its own",
    "a: { url: 'http://127.0.0.1:1/' }\nb: { url: 'http://127.0.0.1:2/', trafficOf: a }\nc: { url: 'http://127.0.0.1:3/', trafficOf: b }",
    "has no traffic of its own: name a",
  ],
  [
    "another one beside traffic of its own",
    `a: { url: 'http://127.0.0.1:1/' }\nb: { url: 'http://127.0.0.1:2/', trafficOf: a, ${MIX} }`,
    "take one of the two out",
  ],
  ["a word of the language", "a: { url: 'http://127.0.0.1:1/', trafficOf: constructor }", "is no server of this file"],
])("naming %s is refused with what to do", (_, text, sentence) => {
  expect(() => load(servers(text))).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  let lines = "";
  try {
    load(servers(text));
  } catch (error) {
    lines = JSON.stringify(error, Object.getOwnPropertyNames(error));
  }
  expect(lines).toContain(sentence);
});

test("what every object inherits is no server of this file", () => {
  const servers = { a: { name: "a", trafficOf: "toString" } };
  expect(sharedTrafficFaults(servers as never)).toEqual([
    { path: ["servers", "a", "trafficOf"], sentence: "names toString, which is no server of this file" },
  ]);
});

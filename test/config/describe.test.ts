import { expect, test } from "vitest";
import { describe, describeServers, urlWithoutQuery } from "../../config/describe.ts";
import { load } from "./temporary-project.ts";

const YAML = `servers:
  a:
    url: http://localhost:3000/mcp?team=x
    weight: 4
  b:
    url: https://b.example/
    auth: { strategy: bearer, env: B_TOKEN }
    headers: { X-Team: red }
    answers: { sampling: Fine. }
    connections: { proxy: "http://proxy.example:3128", family: ipv6 }
`;

test("hello is told url, weight, what is missing, the way to it and when to stop, and nothing else", () => {
  const autoStop = { errorPercentage: 90, timeWindow: 60 };
  const settings = load(`${YAML}autoStop: ${JSON.stringify(autoStop)}\n`);
  expect(describe(settings, ({ name }) => (name === "b" ? "B_TOKEN" : null))).toEqual({
    source: "loadtest.yaml",
    isAimed: false,
    folder: settings.folder,
    autoStop,
    load: null,
    servers: {
      a: {
        url: "http://localhost:3000/mcp",
        weight: 4,
        missing: null,
        traffic: null,
        trafficOf: null,
        isProxied: false,
        family: "any",
      },
      b: {
        url: "https://b.example/",
        weight: 1,
        missing: "B_TOKEN",
        traffic: null,
        trafficOf: null,
        isProxied: true,
        family: "ipv6",
      },
    },
  });
});

test("the run record is told how a server was reached, by names", () => {
  const { a, b } = describeServers(load(YAML));
  expect(a).toMatchObject({ url: "http://localhost:3000/mcp", targetClass: "loopback", weight: 4 });
  expect(b).toMatchObject({
    targetClass: "public",
    auth: { strategy: "bearer", env: "B_TOKEN" },
    headers: ["x-team"],
    answers: { roots: 0, sampling: true, elicitation: false },
    limits: { callMs: 60_000 },
  });
});

test("the run record is told no traffic: its arguments may hold what came from the environment", () => {
  const settings = load(`${YAML}    traffic: { mix: [{ call: x, arguments: { a: "\${A}" } }] }\n`, {
    A: "from-outside",
  });
  expect(JSON.stringify(describe(settings, () => null))).toContain("from-outside");
  expect(JSON.stringify(describeServers(settings))).not.toContain("from-outside");
});

test("a url is told without its query", () => {
  expect(urlWithoutQuery("https://h:8443/a/b?code=x")).toBe("https://h:8443/a/b");
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ownEnvironment, portVariables } from "../../scripts/demo-fleet.mjs";

test("every port variable that demo/loadtest.yaml reads is given", () => {
  const yaml = readFileSync(join(import.meta.dirname, "../../demo/loadtest.yaml"), "utf8");
  const read = [...yaml.matchAll(/\$\{(DEMO_\w+_PORT)/g)].map(([, name]) => name);
  const servers = Object.keys(parse(yaml).servers);
  const given = portVariables(Object.fromEntries(servers.map((name) => [name, "http://127.0.0.1:4101/mcp"])));
  expect(read).toHaveLength(4);
  expect(Object.keys(given).sort()).toEqual(read.sort());
});

test("the fleet gets its own variables and what a program needs to run, and nobody's token", () => {
  const environment = {
    PATH: "/bin",
    HOME: "/home/me",
    DEMO_MCP_TOKEN: "own",
    GITHUB_MCP_TOKEN: "secret",
    MY_PATH: "no",
  };
  expect(ownEnvironment(environment)).toEqual({ PATH: "/bin", HOME: "/home/me", DEMO_MCP_TOKEN: "own" });
});

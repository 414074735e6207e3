import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { portVariables } from "../../scripts/demo-fleet.mjs";

test("every port variable that demo/loadtest.yaml reads is given", () => {
  const yaml = readFileSync(join(import.meta.dirname, "../../demo/loadtest.yaml"), "utf8");
  const read = [...yaml.matchAll(/\$\{(DEMO_\w+_PORT)/g)].map(([, name]) => name);
  const servers = [...yaml.matchAll(/^ {2}([a-z][\w-]*):$/gm)].map(([, name]) => name);
  const given = portVariables(Object.fromEntries(servers.map((name) => [name, "http://127.0.0.1:4101/mcp"])));
  expect(read).toHaveLength(4);
  expect(Object.keys(given).sort()).toEqual(read.sort());
});

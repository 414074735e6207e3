import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { TestDefinition } from "../../../azure/definition/test-definition.ts";
import { testYaml } from "../../../azure/definition/test-yaml.ts";
import { APP } from "./configurations.ts";
import { define } from "./project.ts";

/** What YAML 1.1 and 1.2, and their readers, take differently when it stands there as it is. */
const ODD: Readonly<Record<string, string>> = {
  LINE_SEPARATOR: "a\u2028b",
  PARAGRAPH_SEPARATOR: "a \u2029 b",
  BYTE_ORDER_MARK: "a\ufeffb",
  NO_BREAK: "a\u00a0b",
  UMLAUT: "ä → \u{1F600}",
  LINES: `${"long line ".repeat(9)}\n\n  b: c\n# d\t`,
  EXPONENT: "1e3",
  SIXTY: "12:30",
  YES: "yes",
  DOCUMENT: "---\na\n...",
  TAG: "!!python/object:x",
  QUOTES: "a\"b'c\\d\\u0041",
};

const NUMBERS = [1e21, 2 ** 80, 1.25e-7, -1e-7, 80.5, 3];

const RESOURCE = { resourceId: APP, metricNamespace: "a/b", metricName: "c", aggregation: "Average" };

const definition = (): TestDefinition => ({
  ...define({ azure: `  description: ${JSON.stringify(ODD.UMLAUT)}\n  env: ${JSON.stringify(ODD)}\n` }),
  client: [
    {
      aggregate: "p95",
      metric: "response_time_ms",
      condition: ">",
      value: 5,
      request: `n${ODD.NO_BREAK}`,
      isLocal: false,
    },
  ],
  server: NUMBERS.map((value) => ({ ...RESOURCE, condition: "GreaterThan", value })),
});

const expectSame = (seen: unknown): void => {
  expect(seen).toMatchObject({
    description: ODD.UMLAUT,
    env: expect.arrayContaining(Object.entries(ODD).map(([name, value]) => ({ name, value }))),
    failureCriteria: {
      clientMetrics: [{ [`n${ODD.NO_BREAK}`]: "p95(response_time_ms) > 5" }],
      serverMetrics: NUMBERS.map((value) => ({ value })),
    },
  });
};

test("the YAML is printable ASCII, and its numbers have no exponent", () => {
  const text = testYaml(definition());
  expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  expect([...text.matchAll(/ value: ([-\d.e+]+)$/gm)].map(([, value]) => value)).toEqual([
    "1000000000000000000000",
    "1208925819614629174706176",
    "0.000000125",
    "-0.0000001",
    "80.5",
    "3",
  ]);
});

test.each(["1.1", "1.2"] as const)("YAML %s has every text and number as it is in loadtest.yaml", (version) => {
  expectSame(parse(testYaml(definition()), { version }));
});

const READ = "import sys, json, yaml; json.dump(yaml.safe_load(sys.stdin.buffer.read()), sys.stdout)";
const python = spawnSync("python3", ["-c", "import yaml"]);

test.skipIf(python.status !== 0)(
  "so has PyYAML, which the az CLI reads it with (skipped without python3 and PyYAML)",
  () => {
    const { stdout, stderr } = spawnSync("python3", ["-c", READ], { input: testYaml(definition()), encoding: "utf8" });
    expect(stderr).toBe("");
    expectSame(JSON.parse(stdout));
  },
);

import { describe, expect, test } from "vitest";
import { appComponentsBody, serverMetricsBody } from "../../../azure/definition/component-bodies.ts";
import { testBody } from "../../../azure/definition/test-body.ts";
import type { FileKind, TestDefinition } from "../../../azure/definition/test-definition.ts";
import { testYaml } from "../../../azure/definition/test-yaml.ts";
import { NEWER, OLDER, readAsAzCli } from "../readers/az-cli.ts";
import { readAsGithubAction } from "../readers/github-action.ts";
import { type SeenTest, seenBody } from "../readers/seen-test.ts";
import { CONFIGURATIONS } from "./configurations.ts";
import { define } from "./project.ts";

const sent = (definition: TestDefinition): SeenTest => {
  const named = (kind: FileKind) => definition.files.filter((file) => file.kind === kind).map(({ name }) => name);
  return seenBody(
    testBody(definition, null),
    appComponentsBody(definition, null),
    serverMetricsBody(definition, null),
    {
      script: named("TEST_SCRIPT")[0] ?? "",
      properties: named("USER_PROPERTIES")[0] ?? "",
      additional: named("ADDITIONAL_ARTIFACTS"),
      zips: named("ZIPPED_ARTIFACTS"),
    },
  );
};

describe.each(Object.entries(CONFIGURATIONS))("%s", (name, project) => {
  test("the GitHub Action reads the test that azure submit sends", () => {
    const definition = define(project);
    expect(readAsGithubAction(testYaml(definition))).toEqual(sent(definition));
  });

  // An older one knows no server criteria.
  const versions = name === "server criteria" ? { newer: NEWER } : { newer: NEWER, older: OLDER };
  test.each(Object.entries(versions))("a %s az CLI reads the test that azure submit sends", (_age, version) => {
    const definition = define(project);
    expect(readAsAzCli(testYaml(definition), version)).toEqual(sent(definition));
  });
});

test("an older az CLI refuses server criteria instead of passing over them", () => {
  const yaml = testYaml(define(CONFIGURATIONS["server criteria"] ?? {}));
  expect(() => readAsAzCli(yaml, OLDER)).toThrow("failureCriteria");
});

test("an older test's auto-stop is replaced, not kept, by the az CLI", () => {
  const existing = { autoStop: { errorRate: 5, seconds: 5, mostUsers: 5000 } };
  expect(readAsAzCli(testYaml(define({})), NEWER, existing).autoStop).toEqual({
    errorRate: 90,
    seconds: 60,
    mostUsers: 5000,
  });
});

test("the GitHub Action keeps a subnet, regions and users per engine that are gone here, and nothing else that is known", () => {
  const regions = [
    { region: "westeurope", engineInstances: 1 },
    { region: "northeurope", engineInstances: 1 },
  ];
  const existing = { description: "an older one", subnetId: "/old/subnet", regions, mostUsers: 100 };
  const yaml = testYaml(define({}));
  const fresh = readAsGithubAction(yaml);
  expect(readAsGithubAction(yaml, existing)).toEqual({
    ...fresh,
    subnetId: "/old/subnet",
    regions,
    autoStop: { errorRate: 90, seconds: 60, mostUsers: 100 },
  });
  expect(fresh.description).toBe("mcp-nightly");
});

test("users per engine are the one thing that an older az CLI passes over, and a warning says so", () => {
  const definition = define({ azure: "  maximumVirtualUsersPerEngine: 100\n" });
  const yaml = testYaml(definition);
  expect(readAsGithubAction(yaml).autoStop).toMatchObject({ mostUsers: 100 });
  expect(readAsAzCli(yaml, NEWER).autoStop).toMatchObject({ mostUsers: 100 });
  expect(readAsAzCli(yaml, OLDER).autoStop).toMatchObject({ mostUsers: 5000 });
  expect(definition.warnings).toContainEqual(expect.stringContaining("maximumVirtualUsersPerEngine"));
});

describe("the readers of the tests differ as Azure's do", () => {
  const withCriterion = (criterion: string): string =>
    `${testYaml(define({}))}failureCriteria:\n  - ${JSON.stringify(criterion)}\n`;
  const action = (criterion: string) => readAsGithubAction(withCriterion(criterion)).criteria[0];
  const cli = (criterion: string) => readAsAzCli(withCriterion(criterion)).criteria[0];

  test("a decimal is cut by the one and kept by the other", () => {
    expect(action("percentage(error) > 0.5")?.value).toBe(0);
    expect(cli("percentage(error) > 0.5")?.value).toBe(0.5);
  });

  test(">= is refused by the one and read as > with a broken value by the other", () => {
    expect(() => action("avg(response_time_ms) >= 5")).toThrow("Invalid Failure Criteria");
    expect(cli("avg(response_time_ms) >= 5")).toMatchObject({ condition: ">", value: Number.NaN });
  });

  test("blanks inside the parentheses are refused by the one alone", () => {
    expect(() => action("avg( response_time_ms ) > 5")).toThrow("Invalid Failure Criteria");
    expect(cli("avg( response_time_ms ) > 5")).toMatchObject({ clientMetric: "response_time_ms" });
  });

  test("an unknown key is refused by the one alone", () => {
    const yaml = `${testYaml(define({}))}surprise: true\n`;
    expect(() => readAsGithubAction(yaml)).toThrow("unsupported field");
    expect(readAsAzCli(yaml).displayName).toBe("mcp-nightly");
  });

  test("an unquoted `no` is a truth value to the one alone", () => {
    const yaml = testYaml(define({ azure: '  env: { A: "no" }\n' })).replace('"no"', "no");
    expect(readAsGithubAction(yaml).env.A).toBe("no");
    expect(readAsAzCli(yaml).env.A).toBe(false);
  });
});

import { describe, expect, test } from "vitest";
import { RUN_PARTS } from "../../bridge/run-parts.ts";
import { onlyServers } from "../../config/file-parts.ts";
import { loadFile } from "../../config/load-settings.ts";
import type { FailureCriteria } from "../../gate/criterion.ts";
import { namedCriterionText } from "../../gate/criterion-text.ts";
import { failureCriteriaSchema } from "../../gate/failure-criteria-schema.ts";
import { refusal, temporaryProject } from "../config/temporary-project.ts";

const HEAD = "servers: { a: { url: 'http://127.0.0.1:1/mcp', auth: none } }\n";

const loaded = (yaml: string): FailureCriteria => {
  const folder = temporaryProject({ "loadtest.yaml": HEAD + yaml });
  const parts = { ...onlyServers(RUN_PARTS), failureCriteria: failureCriteriaSchema };
  return loadFile({ cwd: folder, project: folder, env: {} }, parts).failureCriteria;
};

const textsOf = ({ client }: FailureCriteria): string[] => client.map(namedCriterionText);

test.each(["", "failureCriteria:\n", "failureCriteria: []\n", "failureCriteria: {}\n"])("nothing in %j", (yaml) => {
  expect(loaded(yaml)).toEqual({ profile: null, client: [], server: [] });
});

test("a list is short for clientMetrics, and a criterion can be written in three ways", () => {
  const entries = `
    - avg(response_time_ms) > 8000
    - github:tools/call:get_me: p95(response_time_ms) > 1000
    - { criterion: percentage(success) < 99.5, request: learn:ping, local: true }
`;
  const list = loaded(`failureCriteria:${entries}`);
  expect(textsOf(list)).toEqual([
    "avg(response_time_ms) > 8000",
    "github:tools/call:get_me: p95(response_time_ms) > 1000",
    "learn:ping: percentage(success) < 99.5",
  ]);
  expect(list.client.map(({ isLocal }) => isLocal)).toEqual([false, false, true]);
  expect(loaded(`failureCriteria:\n  clientMetrics:${entries}`)).toEqual(list);
});

describe("profiles", () => {
  test("smoke fails what does not work at all", () => {
    expect(textsOf(loaded("failureCriteria: { profile: smoke }"))).toEqual([
      "avg(response_time_ms) > 8000",
      "percentage(error) > 25",
    ]);
  });

  test("release has limits by kind of tool", () => {
    const yaml = "failureCriteria: { profile: release, toolKinds: { compute: [a:x], external: [b:y] } }";
    expect(textsOf(loaded(yaml))).toEqual([
      "percentage(error) > 1",
      "p99(response_time_ms) > 5000",
      "a:x: p50(response_time_ms) > 100",
      "a:x: p95(response_time_ms) > 500",
      "a:x: p99(response_time_ms) > 5000",
      "b:y: p50(response_time_ms) > 500",
      "b:y: p95(response_time_ms) > 2000",
      "b:y: p99(response_time_ms) > 5000",
    ]);
  });

  test("a stricter one of our gate alone leaves Azure the profile's; a milder one, or one for Azure, takes its place", () => {
    const errorsOf = (...own: readonly string[]) =>
      loaded(`failureCriteria: { profile: smoke, clientMetrics: [${own.join(", ")}] }`)
        .client.filter(({ metric }) => metric === "error")
        .map(({ value, isLocal }) => [value, isLocal]);
    const local = (percent: number) => `{ criterion: percentage(error) > ${percent}, local: true }`;
    expect(errorsOf(local(0.5))).toEqual([
      [25, false],
      [0.5, true],
    ]);
    expect(errorsOf(local(50.5))).toEqual([[50.5, true]]);
    expect(errorsOf("percentage(error) > 5", local(0.5))).toEqual([
      [5, false],
      [0.5, true],
    ]);
  });

  test("a user's own criterion takes the place of the profile's on the same question, and of no other", () => {
    const yaml = `failureCriteria:
  profile: release
  toolKinds: { compute: [a:x] }
  clientMetrics: [percentage(error) > 5, a:x: p95(response_time_ms) > 900, "p99(response_time_ms) < 1"]`;
    expect(
      textsOf(loaded(yaml.replace("a:x: p95(response_time_ms) > 900", "{ 'a:x': p95(response_time_ms) > 900 }"))),
    ).toEqual([
      "p99(response_time_ms) > 5000",
      "a:x: p50(response_time_ms) > 100",
      "a:x: p99(response_time_ms) > 5000",
      "percentage(error) > 5",
      "a:x: p95(response_time_ms) > 900",
      "p99(response_time_ms) < 1",
    ]);
  });
});

const RESOURCE = "/subscriptions/1/resourceGroups/g/providers/Microsoft.Sql/servers/one/databases/two";
const server = (fields: string): string =>
  `failureCriteria:\n  serverMetrics:\n    - { resourceId: ${RESOURCE}, metricName: cpu, aggregation: Average, condition: GreaterThan, ${fields} }\n`;

test("a server criterion takes the type of its resource for its namespace, and keeps its decimals", () => {
  expect(loaded(server("value: 80.5")).server).toEqual([
    {
      resourceId: RESOURCE,
      metricNamespace: "Microsoft.Sql/servers/databases",
      metricName: "cpu",
      aggregation: "Average",
      condition: "GreaterThan",
      value: 80.5,
    },
  ]);
  expect(loaded(server("value: 1, metricNamespace: Own/space")).server[0]?.metricNamespace).toBe("Own/space");
});

test("the same question may stand once for Azure and once, finer, for our gate alone", () => {
  const yaml = "failureCriteria: [percentage(error) > 1, { criterion: percentage(error) > 0.5, local: true }]";
  expect(loaded(yaml).client.map(({ value }) => value)).toEqual([1, 0.5]);
});

const many = (count: number): string =>
  Array.from({ length: count }, (_, index) => `  - { n${index}: avg(response_time_ms) > 1 }\n`).join("");

test("fifty criteria go to Azure, and any number stays here", () => {
  expect(
    loaded(`failureCriteria:\n${many(50)}  - { criterion: percentage(error) > 0.5, local: true }\n`).client,
  ).toHaveLength(51);
});

const WRONG: readonly (readonly [yaml: string, sentence: string])[] = [
  ["failureCriteria: 7", "2:1 failureCriteria: is 7, must be a list of criteria, or a map"],
  ["failureCriteria: { profil: smoke }", "2:20 failureCriteria.profil: is not a known key; did you mean profile?"],
  ["failureCriteria: { profile: strict }", '2:20 failureCriteria.profile: is "strict", must be one of smoke, release'],
  ["failureCriteria:\n  - 5", "3:5 failureCriteria.0: is 5, must be text such as"],
  ["failureCriteria:\n  - p95(response_time_ms) > 5s", "3:5 failureCriteria.0: has the unit s"],
  ["failureCriteria:\n  - learn: p95(response_time_ms) > 5s", "3:5 failureCriteria.0.learn: has the unit s"],
  [
    "failureCriteria:\n  - { criterion: p95(response_time_ms) > 5s }",
    "3:7 failureCriteria.0.criterion: has the unit s",
  ],
  [
    "failureCriteria:\n  - { criterion: avg(response_time_ms) > 5, locl: true }",
    "failureCriteria.0.locl: is not a known key; did you mean local?",
  ],
  [
    "failureCriteria:\n  - { criterion: avg(response_time_ms) > 5, local: yes }",
    'failureCriteria.0.local: is "yes", must be true or false',
  ],
  ["failureCriteria:\n  - { criterion: 5 }", "failureCriteria.0.criterion: is 5, must be text"],
  [
    "failureCriteria:\n  - { a: avg(response_time_ms) > 5, b: avg(response_time_ms) > 6 }",
    "failureCriteria.0: has several keys",
  ],
  ["failureCriteria:\n  - { learn: 5 }", "failureCriteria.0.learn: is 5, must be text"],
  ["failureCriteria:\n  - {}", "failureCriteria.0: has no key"],
  [
    "failureCriteria:\n  - percentage(error) > 5\n  - percentage( error )>6",
    "4:5 failureCriteria.1: asks the same as one above",
  ],
  [
    "failureCriteria:\n  clientMetrics:\n    - percentage(error) > 5\n    - percentage(error) > 6",
    "failureCriteria.clientMetrics.1: asks the same",
  ],
  [`failureCriteria:\n${many(51)}`, "2:1 failureCriteria: has 51 criteria for Azure, which takes 50"],
  ["failureCriteria: { toolKinds: { compute: [a] } }", "failureCriteria.toolKinds: is only read by profile: release"],
  [
    "failureCriteria: { profile: release, toolKinds: { compute: [a], external: [a] } }",
    "failureCriteria.toolKinds.external.0: stands twice",
  ],
  ["failureCriteria: { profile: release, toolKinds: { compute: a } }", "must be a list of names of the statistics"],
  [server(""), "failureCriteria.serverMetrics.0.value: is missing, must be a number"],
  [server("value: high"), 'value: is "high", must be a number'],
  [server("value: 1").replace("GreaterThan", "'>'"), "must be one of GreaterThan, LessThan"],
  [server("value: 1").replace("Average", "Mean"), "must be one of Average, Minimum"],
  [server("value: 1").replace(RESOURCE, "my-app"), "must be the id of an Azure resource"],
  [server("value: 1").replace(RESOURCE, `"${RESOURCE}\\nmore"`), "must be the id of an Azure resource"],
  [
    server("value: 1") + server("value: 2").split("\n")[2],
    "failureCriteria.serverMetrics.1: asks the same as one above",
  ],
];

test.each(WRONG.map(([yaml, sentence]) => [sentence, yaml]))(
  "what is wrong is said with its place: %s",
  (sentence, yaml) => {
    expect(refusal(() => loaded(yaml)).faults.join("\n")).toContain(sentence);
  },
);

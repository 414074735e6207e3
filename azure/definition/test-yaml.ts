/**
 * The test as Azure's YAML (v0.1), for the az CLI, the Azure DevOps task and the GitHub Action. They read it differently in
 * places; what is written here means the same to each.
 */

import { Document, isPair, isScalar, Scalar, type ScalarTag, visit } from "yaml";
import { criterionText } from "../../gate/criterion-text.ts";
import { azureAutoStop } from "./auto-stop.ts";
import { typeAndName } from "./azure-resource-id.ts";
import { LOCUST_CONF } from "./locust-conf.ts";
import { referenceIdentities } from "./reference-identities.ts";
import type { FileKind, TestDefinition } from "./test-definition.ts";

const HEAD = ` Made by swarmbridge azure yaml from loadtest.yaml and locust.conf: change those, not this.
 The files that it names lie beside it.`;

/** The keys in a fixed order, so that two versions compare line by line. */
export const testYaml = (definition: TestDefinition): string => {
  const document = new Document(contents(definition), { customTags: (tags) => [PLAIN_NUMBER, ...tags] });
  document.commentBefore = HEAD;
  quoteTexts(document);
  // No double-quoted text over several lines: folded ones are read in more than one way.
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return text.replaceAll(/[^\n\x20-\x7e]/gu, escaped);
};

/** What is not printable ASCII stands in double quotes only. YAML 1.1 takes some of it for a line end, or refuses it. */
const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  return code > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
};

/** Without an exponent: `1e+21` is text for YAML 1.1, and a number for YAML 1.2. */
const PLAIN_NUMBER: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  identify: (value) => typeof value === "number" && /e/.test(String(value)),
  // Without one the library prefers its own tags, which have.
  test: /^-?\d+(?:\.\d+)?$/,
  resolve: Number,
  stringify: ({ value }) => withoutExponent(Number(value)),
};

const withoutExponent = (value: number): string => {
  if (Math.abs(value) >= 1) return BigInt(value).toString();
  const [, digits = "", exponent = "0"] = /^-?([\d.]+)e-(\d+)$/.exec(String(value)) ?? [];
  return `${value < 0 ? "-" : ""}0.${"0".repeat(Number(exponent) - 1)}${digits.replace(".", "")}`;
};

const contents = (definition: TestDefinition): Record<string, unknown> => {
  const { azure, autoStop, env, files } = definition;
  const named = (kind: FileKind): string[] => files.filter((file) => file.kind === kind).map(({ name }) => name);
  const stop = azureAutoStop(autoStop);
  const identities = referenceIdentities(definition);
  const most = azure.maximumVirtualUsersPerEngine;
  return given({
    version: "v0.1",
    testId: azure.testId,
    displayName: azure.displayName ?? azure.testId,
    // Always said: left out, the GitHub Action keeps that of an earlier test.
    description: azure.description ?? azure.testId,
    testPlan: named("TEST_SCRIPT")[0],
    testType: "Locust",
    engineInstances: azure.engineInstances,
    regionalLoadTestConfig: azure.regionalLoadTestConfig,
    configurationFiles: named("ADDITIONAL_ARTIFACTS"),
    zipArtifacts: some(named("ZIPPED_ARTIFACTS")),
    properties: { userPropertyFile: LOCUST_CONF },
    splitAllCSVs: azure.splitAllCSVs,
    env: listed(env),
    secrets: some(listed(azure.secrets)),
    certificates: some(listed(azure.certificates)),
    referenceIdentities: some(identities),
    subnetId: azure.subnetId,
    publicIPDisabled: azure.publicIPDisabled,
    appComponents: some(azure.appComponents.map(appComponent)),
    autoStop: stop === "disable" || most === undefined ? stop : { ...stop, maximumVirtualUsersPerEngine: most },
    failureCriteria: failureCriteria(definition),
  });
};

const appComponent = (component: TestDefinition["azure"]["appComponents"][number]): Record<string, unknown> => {
  const { resourceId, resourceName, kind, metrics } = component;
  return given({
    resourceId,
    resourceName: resourceName ?? typeAndName(resourceId).name,
    kind,
    metrics: metrics?.map(({ name, aggregation, namespace }) => ({
      name,
      aggregation,
      namespace: namespace ?? typeAndName(resourceId).type,
    })),
  });
};

/** A plain list where it will do: not every az CLI knows the map of both kinds. */
const failureCriteria = ({ client, server }: TestDefinition): unknown => {
  const clientMetrics = client.map((criterion) =>
    criterion.request === null ? criterionText(criterion) : { [criterion.request]: criterionText(criterion) },
  );
  return server.length === 0
    ? some(clientMetrics)
    : given({ clientMetrics: some(clientMetrics), serverMetrics: server });
};

const listed = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

/** The list, when there is something in it. */
const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);

const given = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** What every version of YAML takes for text, and nothing else. */
const SURE_TEXT = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z/][\w ./:()<>-]*$/i;

/** A text such as `1`, `on` or `12:30` must stay one: the readers speak different versions of YAML. Values of variables always. */
const quoteTexts = (document: Document): void => {
  visit(document, {
    Scalar: (_key, scalar, path) => {
      if (typeof scalar.value !== "string") return;
      const pair = path.at(-1);
      const isValue = isPair(pair) && isScalar(pair.key) && pair.key.value === "value" && pair.value === scalar;
      if (isValue || !SURE_TEXT.test(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
};

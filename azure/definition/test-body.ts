/** The test as the data plane takes it: a merge patch that makes of whatever is there exactly what is configured. */

import type { RemoteTest, TestBody } from "../plane/data-plane.ts";
import { AZURES_MOST_USERS_PER_ENGINE, AZURES_OWN, azureAutoStop } from "./auto-stop.ts";
import { passFailCriteria } from "./criterion-ids.ts";
import { type Change, changesOf } from "./merge-patch.ts";
import { type ReferenceIdentity, referenceIdentities } from "./reference-identities.ts";
import type { TestDefinition } from "./test-definition.ts";

/** @param remote the test as it is; null: there is none */
export const testBody = (definition: TestDefinition, remote: RemoteTest | null): TestBody => {
  const { azure, client, server } = definition;
  return {
    displayName: azure.displayName ?? azure.testId,
    description: azure.description ?? azure.testId,
    kind: "Locust",
    loadTestConfiguration: {
      engineInstances: azure.engineInstances,
      splitAllCSVs: azure.splitAllCSVs,
      regionalLoadTestConfig: azure.regionalLoadTestConfig ?? null,
    },
    passFailCriteria: passFailCriteria(client, server, remote?.passFailCriteria ?? null),
    autoStopCriteria: autoStopCriteria(definition),
    secrets: replacing<Secret>(remote?.secrets, mapped(azure.secrets, inVault)),
    certificate: certificate(definition),
    environmentVariables: replacing(remote?.environmentVariables, definition.env),
    subnetId: azure.subnetId ?? null,
    publicIPDisabled: azure.publicIPDisabled,
    ...identities(referenceIdentities(definition)),
  };
};

/** What sending `testBody` would change at Azure. Files are not looked at. */
export const testChanges = (definition: TestDefinition, remote: RemoteTest): Change[] =>
  changesOf(testBody(definition, remote), remote, ABSENT);

export const isUnchanged = (definition: TestDefinition, remote: RemoteTest): boolean =>
  testChanges(definition, remote).length === 0;

/** What the service means by a property that a test does not have. */
const ABSENT = {
  splitAllCSVs: false,
  publicIPDisabled: false,
  autoStopDisabled: false,
  errorRate: AZURES_OWN.errorPercentage,
  errorRateTimeWindowInSeconds: AZURES_OWN.timeWindow,
  maximumVirtualUsersPerEngine: AZURES_MOST_USERS_PER_ENGINE,
  keyvaultReferenceIdentityType: "SystemAssigned",
  metricsReferenceIdentityType: "SystemAssigned",
  engineBuiltInIdentityType: "None",
} as const satisfies Readonly<Record<string, unknown>>;

type Secret = NonNullable<NonNullable<TestBody["secrets"]>[string]>;
const inVault = (value: string): Secret => ({ type: "AKV_SECRET_URI", value });

const autoStopCriteria = ({ azure, autoStop }: TestDefinition): NonNullable<TestBody["autoStopCriteria"]> => {
  const stop = azureAutoStop(autoStop);
  const maximumVirtualUsersPerEngine = azure.maximumVirtualUsersPerEngine ?? AZURES_MOST_USERS_PER_ENGINE;
  if (stop === "disable") return { autoStopDisabled: true, maximumVirtualUsersPerEngine };
  return {
    autoStopDisabled: false,
    errorRate: stop.errorPercentage,
    errorRateTimeWindowInSeconds: stop.timeWindow,
    maximumVirtualUsersPerEngine,
  };
};

const certificate = ({ azure }: TestDefinition): NonNullable<TestBody["certificate"]> | null => {
  const [first] = Object.entries(azure.certificates);
  return first === undefined ? null : { type: "AKV_CERT_URI", value: first[1], name: first[0] };
};

const identities = (all: readonly ReferenceIdentity[]) => {
  const of = (kind: ReferenceIdentity["kind"]) => all.filter((one) => one.kind === kind);
  const [keyVault] = of("KeyVault");
  const [metrics] = of("Metrics");
  const engine = of("Engine");
  const ids = engine.flatMap(({ value }) => value ?? []);
  return {
    keyvaultReferenceIdentityType: keyVault?.type ?? "SystemAssigned",
    keyvaultReferenceIdentityId: keyVault?.value ?? null,
    metricsReferenceIdentityType: metrics?.type ?? "SystemAssigned",
    metricsReferenceIdentityId: metrics?.value ?? null,
    engineBuiltInIdentityType: engine[0]?.type ?? "None",
    engineBuiltInIdentityIds: ids.length === 0 ? null : ids,
  } as const;
};

/** The wanted entries, and null for each that is there and not wanted. */
const replacing = <T>(
  remote: Readonly<Record<string, unknown>> | undefined,
  wanted: Readonly<Record<string, T>>,
): Record<string, T | null> => ({ ...mapped(remote ?? {}, () => null), ...wanted });

const mapped = <T, R>(values: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));

/**
 * What must exist before a run, as Bicep, from the same configuration: the resource and its identities, the vaults, the
 * roles. Holds no secret and creates none.
 */

import type { ServerCriterion } from "../../gate/criterion.ts";
import type { AzureSettings } from "../azure-schema.ts";
import { type ReferenceIdentity, referenceIdentities } from "../definition/reference-identities.ts";
import { outputText, type Parameter, parameterText, type Resource, raw, resourceText, Symbols } from "./bicep-text.ts";
import { identityResources } from "./identity-resources.ts";
import type { Principal } from "./principal.ts";
import { roleAssignment } from "./role-assignment.ts";
import { vaultResources } from "./vault-resources.ts";
import { metricResources } from "./watched-resources.ts";

export interface BicepInput {
  readonly azure: AzureSettings;
  readonly server: readonly ServerCriterion[];
}

/** Of `Microsoft.LoadTestService/loadTests`. */
const VERSION = "2022-12-01";

const HEAD = `// What an Azure Load Testing run needs beforehand, made from loadtest.yaml by \`swarmbridge azure bicep\`.
// Deploy it into the resource group of the configuration:
//   az deployment group create --resource-group GROUP --template-file main.bicep
targetScope = 'resourceGroup'`;

/** @returns the whole file, with a line end */
export const bicepOf = ({ azure, server }: BicepInput): string => {
  const wanted = referenceIdentities({ azure, server });
  const symbols = new Symbols();
  const identities = identityResources(
    azure,
    wanted.flatMap(({ value }) => value ?? []),
    symbols,
  );
  const principal = (kind: ReferenceIdentity["kind"]): Principal => {
    const id = wanted.find((identity) => identity.kind === kind)?.value;
    const symbol = id === undefined ? undefined : identities.get(id.toLowerCase())?.symbol;
    if (symbol === undefined) return { owner: "loadTest", expression: "loadTest.identity.principalId" };
    return { owner: symbol, expression: `${symbol}.properties.principalId` };
  };
  const vaults = vaultResources(azure, symbols, principal("KeyVault"));
  const metrics = metricResources({ azure, server }, symbols, principal("Metrics"));
  const usesSystem = wanted.some(({ type }) => type === "SystemAssigned");
  const resources: Resource[] = [
    ...[...identities.values()],
    loadTestResource(azure, [...identities.values()], usesSystem),
    testerRole(),
    ...vaults.resources,
    ...metrics.resources,
  ];
  const outputs = [
    outputText("loadTestId", "Resource id of the Azure Load Testing resource.", "loadTest.id"),
    outputText("dataPlane", "Host of its data plane.", "loadTest.properties.dataPlaneURI"),
    ...(usesSystem
      ? [outputText("systemPrincipalId", "Principal of its system identity.", "loadTest.identity.principalId")]
      : []),
  ];
  const parts = [
    HEAD,
    ...parametersOf(azure, vaults.parameters).map(parameterText),
    ...resources.map(resourceText),
    ...metrics.elsewhere,
    ...outputs,
  ];
  return `${parts.join("\n\n")}\n`;
};

const parametersOf = (azure: AzureSettings, ofVaults: readonly Parameter[]): Parameter[] => [
  {
    name: "location",
    type: "string",
    description: "Region of all that is created here.",
    value: azure.location ?? raw("resourceGroup().location"),
  },
  {
    name: "loadTestName",
    type: "string",
    description: "Name of the Azure Load Testing resource.",
    value: azure.resource,
  },
  {
    name: "testerPrincipalId",
    type: "string",
    description:
      "Object id of whoever runs the tests (a pipeline, a group, a person). Empty: nobody gets the role here.",
    value: "",
  },
  {
    name: "testerPrincipalType",
    type: "string",
    description: "What that is.",
    value: "ServicePrincipal",
    allowed: ["ServicePrincipal", "Group", "User"],
  },
  ...ofVaults,
];

const loadTestResource = (azure: AzureSettings, identities: readonly Resource[], usesSystem: boolean): Resource => {
  const assigned = identities.map(({ symbol }) => symbol);
  const kinds = [...(usesSystem ? ["SystemAssigned"] : []), ...(assigned.length > 0 ? ["UserAssigned"] : [])];
  const userAssignedIdentities = Object.fromEntries(assigned.map((symbol) => [`\${${symbol}.id}`, {}]));
  return {
    symbol: "loadTest",
    type: "Microsoft.LoadTestService/loadTests",
    version: VERSION,
    body: {
      name: raw("loadTestName"),
      location: raw("location"),
      identity: {
        type: kinds.length === 0 ? "None" : kinds.join(","),
        ...(assigned.length > 0 ? { userAssignedIdentities } : {}),
      },
      properties: azure.description === undefined ? {} : { description: azure.description },
    },
  };
};

const testerRole = (): Resource =>
  roleAssignment({
    symbol: "testerRole",
    role: "Load Test Contributor",
    on: "loadTest",
    owner: "testerPrincipalId",
    principalId: "testerPrincipalId",
    principalType: "testerPrincipalType",
    condition: "!empty(testerPrincipalId)",
  });

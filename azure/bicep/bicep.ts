/**
 * What must exist before a run, as Bicep, from the same configuration: the resource and its identities, the vaults, the
 * roles. Holds no secret and creates none.
 */

import type { ServerCriterion } from "../../gate/criterion.ts";
import type { AzureSettings } from "../azure-schema.ts";
import { type ReferenceIdentity, referenceIdentities } from "../definition/reference-identities.ts";
import { watchedResources } from "../plan/preflight/surroundings-checks.ts";
import { vaultNames } from "../plan/preflight/vault-checks.ts";
import { apiVersionOf, resourceParts } from "../resource-type.ts";
import {
  literal,
  outputText,
  type Parameter,
  parameterText,
  type Resource,
  raw,
  resourceText,
  Symbols,
} from "./bicep-text.ts";
import { roleAssignment } from "./role-assignment.ts";

export interface BicepInput {
  readonly azure: AzureSettings;
  readonly server: readonly ServerCriterion[];
}

const VERSIONS = {
  loadTests: "2022-12-01",
  identities: "2023-01-31",
  vaults: "2023-07-01",
} as const;

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

interface Principal {
  /** Symbol of what has the identity: known before the deployment, so that names can be made of it. */
  readonly owner: string;
  readonly expression: string;
}

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

const same = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && one.toLowerCase() === other?.toLowerCase();

/** By resource id in small letters. Those of the configured resource group are made, others are only named. */
const identityResources = (
  azure: AzureSettings,
  ids: readonly string[],
  symbols: Symbols,
): ReadonlyMap<string, Resource> => {
  const found = new Map<string, Resource>();
  for (const id of ids) {
    const parts = resourceParts(id);
    if (parts === null || found.has(id.toLowerCase())) continue;
    const { subscription, resourceGroup, name, type } = parts;
    const isHere = same(azure.resourceGroup, resourceGroup) && same(azure.subscription, subscription);
    const scope = raw(`resourceGroup(${literal(subscription)}, ${literal(resourceGroup)})`);
    found.set(id.toLowerCase(), {
      symbol: symbols.of("identity", name),
      type,
      version: VERSIONS.identities,
      body: isHere ? { name, location: raw("location") } : { name, scope },
      isExisting: !isHere,
    });
  }
  return found;
};

const loadTestResource = (azure: AzureSettings, identities: readonly Resource[], usesSystem: boolean): Resource => {
  const assigned = identities.map(({ symbol }) => symbol);
  const kinds = [...(usesSystem ? ["SystemAssigned"] : []), ...(assigned.length > 0 ? ["UserAssigned"] : [])];
  const userAssignedIdentities = Object.fromEntries(assigned.map((symbol) => [`\${${symbol}.id}`, {}]));
  return {
    symbol: "loadTest",
    type: "Microsoft.LoadTestService/loadTests",
    version: VERSIONS.loadTests,
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

const vaultResources = (azure: AzureSettings, symbols: Symbols, reader: Principal) => {
  const names = vaultNames(azure);
  const parameters: Parameter[] = [];
  const resources: Resource[] = [];
  for (const vaultName of names) {
    const symbol = symbols.of("vault", vaultName);
    const [name, create, made, isHere] = [`${symbol}Name`, `${symbol}Create`, `${symbol}New`, `${symbol}IsHere`];
    parameters.push(
      { name, type: "string", description: `The vault ${vaultName}.`, value: vaultName },
      { name: create, type: "bool", description: "true: the vault is created. false: it is there.", value: false },
      {
        name: isHere,
        type: "bool",
        description: "false: it lies in another resource group, and its reader gets the role there by other means.",
        value: true,
      },
    );
    const type = "Microsoft.KeyVault/vaults";
    resources.push(
      {
        symbol: made,
        type,
        version: VERSIONS.vaults,
        condition: create,
        body: {
          name: raw(name),
          location: raw("location"),
          properties: {
            tenantId: raw("tenant().tenantId"),
            sku: { family: "A", name: "standard" },
            enableRbacAuthorization: true,
          },
        },
      },
      { symbol, type, version: VERSIONS.vaults, isExisting: true, body: { name: raw(name) } },
      roleAssignment({
        symbol: `${symbol}Reader`,
        role: "Key Vault Secrets User",
        on: symbol,
        owner: `${reader.owner}.id`,
        principalId: reader.expression,
        principalType: "'ServicePrincipal'",
        condition: isHere,
        after: [made],
      }),
    );
  }
  return { parameters, resources };
};

/** The role for criteria on metrics. What lies in other resource groups cannot get it by this file, and is named. */
const metricResources = ({ azure, server }: BicepInput, symbols: Symbols, reader: Principal) => {
  const resources: Resource[] = [];
  const elsewhere: string[] = [];
  for (const id of watchedResources({ appComponents: [] }, server)) {
    const parts = resourceParts(id);
    const version = parts && apiVersionOf(parts.type);
    const isHere = same(azure.resourceGroup, parts?.resourceGroup) && same(azure.subscription, parts?.subscription);
    if (parts === null || version == null || !isHere) {
      elsewhere.push(`// Not by this file: Monitoring Reader for the same identity on ${id.replaceAll(/\s/g, " ")}`);
      continue;
    }
    const symbol = symbols.of("watched", parts.name);
    resources.push(
      { symbol, type: parts.type, version, isExisting: true, body: { name: parts.names.join("/") } },
      roleAssignment({
        symbol: `${symbol}Reader`,
        role: "Monitoring Reader",
        on: symbol,
        owner: `${reader.owner}.id`,
        principalId: reader.expression,
        principalType: "'ServicePrincipal'",
      }),
    );
  }
  return { resources, elsewhere };
};

import { describe, expect, test } from "vitest";
import { bicepOf } from "../../../azure/bicep/bicep.ts";
import { literal } from "../../../azure/bicep/bicep-text.ts";
import type { ServerCriterion } from "../../../gate/criterion.ts";
import { GROUP, READER, settings } from "../plan/definition.ts";
import { structureFaults } from "./bicep-structure.ts";

const OTHER_GROUP = GROUP.replace("load-tests", "elsewhere");
const on = (resourceId: string): ServerCriterion => ({
  resourceId,
  metricNamespace: "",
  metricName: "CpuTime",
  aggregation: "Total",
  condition: "GreaterThan",
  value: 1,
});

const FULL = {
  azure: settings({
    location: "westeurope",
    description: "it's \u0024{not} code",
    secrets: {
      ONE: "https://my-vault.vault.azure.net/secrets/one",
      TWO: "https://my-vault.vault.azure.net/secrets/two",
      THREE: "https://myVault.vault.azure.net/secrets/three",
    },
    identities: {
      keyVault: READER,
      metrics: "system",
      engine: [READER, `${OTHER_GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/reader`],
    },
  }),
  server: [
    on(`${GROUP}/Microsoft.Web/sites/mcp`),
    on(`${GROUP}/Microsoft.Sql/servers/sql/databases/db`),
    on(`${OTHER_GROUP}/Microsoft.Web/sites/far`),
    on(`${GROUP}/Contoso.Things/things/one`),
  ],
};

test.each([
  ["nothing but a test", { azure: settings(), server: [] }],
  [
    "no place",
    { azure: settings({ subscription: undefined, resourceGroup: undefined, resource: undefined }), server: [] },
  ],
  ["everything", FULL],
  [
    "names that others are made of",
    {
      azure: settings({
        secrets: Object.fromEntries(
          ["kv-app", "kv-app-new", "kv-app-name", "kv-app-reader", "kv-APP-is-here", "kvb-new", "kvb"].map(
            (vault, at) => [`SECRET_${at}`, `https://${vault}.vault.azure.net/secrets/one`],
          ),
        ),
      }),
      server: [on(`${GROUP}/Microsoft.Web/sites/mcp`), on(`${GROUP}/Microsoft.Web/sites/mcp-reader`)],
    },
  ],
])("Bicep for %s is sound in its structure", (_what, input) => {
  expect(structureFaults(bicepOf(input))).toEqual([]);
});

describe("Bicep for everything", () => {
  const bicep = bicepOf(FULL);

  test("makes the identities of its own group, and only names those of others", () => {
    expect(bicep).toContain(
      "resource identityReader 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {",
    );
    expect(bicep).toContain(
      "resource identityReader2 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing =",
    );
    expect(bicep).toContain("scope: resourceGroup('00000000-0000-0000-0000-000000000001', 'elsewhere')");
    expect(bicep).toContain("type: 'SystemAssigned,UserAssigned'");
  });

  test("gives each role to whoever needs it, once", () => {
    const assignments = [...bicep.matchAll(/\/\/ (.*)\nresource (\w+) 'Microsoft\.Authorization/g)].map(
      ([, role, symbol]) => `${role}: ${symbol}`,
    );
    expect(assignments).toEqual([
      "Load Test Contributor: testerRole",
      "Key Vault Secrets User: vaultMyVaultReader",
      "Key Vault Secrets User: vaultMyvault2Reader",
      "Monitoring Reader: watchedMcpReader",
      "Monitoring Reader: watchedDbReader",
    ]);
    expect(bicep).toContain("principalId: identityReader.properties.principalId");
    expect(bicep).toContain("principalId: loadTest.identity.principalId");
  });

  test("says what it cannot do", () => {
    expect(bicep).toContain(
      `// Not by this file: Monitoring Reader for the same identity on ${OTHER_GROUP}/Microsoft.Web/sites/far`,
    );
    expect(bicep).toContain(`on ${GROUP}/Contoso.Things/things/one`);
  });

  test("holds no name of a secret, and no text of a user as code", () => {
    expect(bicep).not.toMatch(/\/secrets\/|ONE|TWO/);
    expect(bicep).toContain(`description: ${literal("it's \u0024{not} code")}`);
  });
});

test("a literal cannot leave its quotes", () => {
  expect(literal("a'b\u0024{c}\\\n")).toBe("'a\\'b\\\u0024{c}\\\\\\n'");
});

describe("the check of the structure", () => {
  test.each([
    ["resource a 'Microsoft.KeyVault/vaults@2023-07-01' = {", /does not close/],
    ["param a string = 'a", /quote that does not close/],
    ["param a string\nparam a string", /a is declared twice/],
    ["output a string = b.id", /b is not declared/],
    ["param a string = '\u0024{b}'", /b is not declared/],
    ["resource a 'Microsoft.KeyVault/vaults@1999-01-01' = {}", /1999-01-01 is not known/],
    ["param a string = '11111111-2222-3333-4444-555555555555'", /no role that is known/],
  ])("finds a fault in %s", (bicep, fault) => {
    expect(structureFaults(bicep)).toEqual([expect.stringMatching(fault)]);
  });
});

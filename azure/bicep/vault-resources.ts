/** The vaults of the secrets, there already or new, and the role that reads them. */

import type { AzureSettings } from "../azure-schema.ts";
import { vaultNames } from "../plan/preflight/vault-checks.ts";
import { type Parameter, type Resource, raw, type Symbols } from "./bicep-text.ts";
import type { Principal } from "./principal.ts";
import { roleAssignment } from "./role-assignment.ts";

const VERSION = "2023-07-01";
/** Of what is declared for each vault beside itself. */
const ENDINGS = { name: "Name", create: "Create", made: "New", isHere: "IsHere", reader: "Reader" } as const;

export const vaultResources = (azure: AzureSettings, symbols: Symbols, reader: Principal) => {
  const names = vaultNames(azure);
  const parameters: Parameter[] = [];
  const resources: Resource[] = [];
  for (const vaultName of names) {
    const symbol = symbols.of("vault", vaultName, Object.values(ENDINGS));
    const of = (what: keyof typeof ENDINGS): string => symbol + ENDINGS[what];
    const [name, create, made, isHere] = [of("name"), of("create"), of("made"), of("isHere")];
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
        version: VERSION,
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
      { symbol, type, version: VERSION, isExisting: true, body: { name: raw(name) } },
      roleAssignment({
        symbol: of("reader"),
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

/** The vaults that secrets and certificates lie in: there, and readable for the identity that fetches them. */

import type { AzureSettings } from "../../azure-schema.ts";
import type { ReferenceIdentity } from "../../definition/reference-identities.ts";
import type { ControlPlane } from "../../plane/control-plane.ts";
import { access } from "./access.ts";
import { type Check, missing, ok, unclear } from "./check.ts";
import { identityName } from "./identity-checks.ts";
import { looked } from "./looked.ts";

/** Names of the vaults that the settings point into, each once, lower-cased as DNS has them. */
export const vaultNames = ({ secrets, certificates }: Pick<AzureSettings, "secrets" | "certificates">): string[] => {
  const hosts = [...Object.values(secrets), ...Object.values(certificates)].map((url) => new URL(url).hostname);
  return [...new Set(hosts.map((host) => host.split(".")[0] ?? host))];
};

type Vault = NonNullable<Awaited<ReturnType<ControlPlane["vault"]>>>;

interface Reader {
  readonly identity: Pick<ReferenceIdentity, "value">;
  /** null: the resource does not have it, or is not there. */
  readonly principalId: string | null;
}

/** Whether the secret itself is in the vault is not looked at: that would be a question to the vault. */
export const vaultChecks = async (
  name: string,
  subscription: string,
  { reader, control }: { readonly reader: Reader; readonly control: Pick<ControlPlane, "vault" | "roleAssignments"> },
): Promise<Check[]> => {
  const about = { id: "vault", subject: `vault ${name}` } as const;
  const found: { vault: Vault | null } = { vault: null };
  const there = await looked(about, async () => {
    found.vault = await control.vault(subscription, name);
    if (found.vault !== null) return ok(about, "there");
    // The list leaves out what this login may not read, and a vault may lie in any subscription.
    const next = "if there is none anywhere: create it, or correct its name";
    return unclear(about, `this login sees none of this name in subscription ${subscription}`, next);
  });
  return found.vault === null ? [there] : [there, await readable(name, found.vault, { reader, control })];
};

const readable = async (
  name: string,
  vault: Vault,
  { reader, control }: { readonly reader: Reader; readonly control: Pick<ControlPlane, "roleAssignments"> },
): Promise<Check> => {
  const about = { id: "vault-access", subject: `secrets of ${name} for the ${identityName(reader.identity)}` } as const;
  const { principalId } = reader;
  if (principalId === null) {
    const next = "when it is there, it needs Key Vault Secrets User on the vault";
    return unclear(about, "the resource does not have this identity yet", next);
  }
  if (vault.usesRoles) {
    return access({ about, control, scope: vault.id, principalId, grant: "read secrets" });
  }
  if (vault.readers.includes(principalId)) return ok(about, "has an access policy");
  const next = `add one for ${principalId}: secret permission Get`;
  if (vault.readers.length === 0) return missing(about, "no access policy lets anybody get secrets", next);
  // The one that has it may be a group of it.
  return unclear(about, "no access policy of its own lets it get secrets", `if no group of it has one: ${next}`);
};

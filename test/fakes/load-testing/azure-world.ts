/** What there is in the fake subscription beside tests and runs: the resource, identities, networks, vaults, roles, quotas. */

import { randomUUID } from "node:crypto";

/** Ids of role definitions are the same in every tenant. */
export const ROLES = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  loadTestOwner: "45bb0b16-2f0c-4e78-afaa-a07599b003f6",
  loadTestContributor: "749a398d-560b-491b-bb21-08924219302e",
  loadTestReader: "3ae3fb29-0000-4ccd-bf80-542e7b26e081",
  keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  monitoringReader: "43d0d8ad-25c7-4714-9337-8ba259a9fe05",
} as const;

export interface Vault {
  readonly id: string;
  /** Access by role assignments; false: by `readers`, its access policies. */
  usesRoles: boolean;
  /** Principals that its access policies let read secrets. */
  readonly readers: Set<string>;
  readonly secrets: Set<string>;
  readonly certificates: Set<string>;
}

export interface RoleAssignment {
  readonly principalId: string;
  readonly roleId: string;
  readonly scope: string;
}

export interface UserIdentity {
  readonly principalId: string;
  readonly clientId: string;
  /** To the Azure Load Testing resource. */
  isAssigned: boolean;
}

const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
const GROUP = "load-tests";
const VAULT = "fake-vault";

export class AzureWorld {
  readonly subscription = SUBSCRIPTION;
  readonly resourceGroup = GROUP;
  readonly resource = "mcp-load";
  readonly location = "westeurope";
  readonly #group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`;
  readonly resourceId = `${this.#group}/providers/Microsoft.LoadTestService/loadTests/${this.resource}`;
  /** The resource's system-assigned identity; null: it has none. */
  systemPrincipalId: string | null = randomUUID();
  provisioningState = "Succeeded";
  /** Whether the resource is there at all. */
  hasResource = true;
  /** User-assigned identities by resource id. One is assigned to the resource, one is not. */
  readonly identities = new Map<string, UserIdentity>();
  readonly identityId = `${this.#group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/engines`;
  readonly strangerId = `${this.#group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/stranger`;
  readonly subnetId = `${this.#group}/providers/Microsoft.Network/virtualNetworks/net/subnets/engines`;
  /** Further resources that are there. */
  readonly resources = new Set<string>([this.subnetId, this.subnetId.replace(/\/subnets\/.*/, "")]);
  readonly vaults = new Map<string, Vault>();
  readonly vaultUrl = `https://${VAULT}.vault.azure.net`;
  readonly roleAssignments: RoleAssignment[] = [];
  readonly quotas: { name: string; limit: number; usage: number }[] = [
    { name: "maxConcurrentTestRuns", limit: 25, usage: 0 },
    { name: "maxEngineInstancesPerTestRun", limit: 45, usage: 0 },
    { name: "maxEngineInstancesConcurrent", limit: 100, usage: 0 },
  ];

  /** @param callerPrincipalId who logs in: it may create and run tests, as the resource's identity may read the vault */
  constructor(callerPrincipalId: string) {
    this.identities.set(this.identityId, { principalId: randomUUID(), clientId: randomUUID(), isAssigned: true });
    this.identities.set(this.strangerId, { principalId: randomUUID(), clientId: randomUUID(), isAssigned: false });
    const vaultId = `${this.#group}/providers/Microsoft.KeyVault/vaults/${VAULT}`;
    this.vaults.set(VAULT, {
      id: vaultId,
      usesRoles: true,
      readers: new Set(),
      secrets: new Set(["github-mcp", "azure-devops", "context7", "token"]),
      certificates: new Set(["client"]),
    });
    this.assign(this.systemPrincipalId ?? "", ROLES.keyVaultSecretsUser, vaultId);
    this.assign(callerPrincipalId, ROLES.loadTestContributor, this.resourceId);
  }

  assign(principalId: string, roleId: string, scope: string): void {
    this.roleAssignments.push({ principalId, roleId, scope });
  }

  get assigned() {
    const ids = [...this.identities].filter(([, { isAssigned }]) => isAssigned).map(([id]) => id.toLowerCase());
    return { hasSystem: this.systemPrincipalId !== null, userAssigned: new Set(ids) };
  }

  /** @param identityId of a user-assigned identity; null: the resource's own */
  principalOf(identityId: string | null): string | null {
    if (identityId === null) return this.systemPrincipalId;
    const found = [...this.identities].find(([id]) => id.toLowerCase() === identityId.toLowerCase());
    return found?.[1].principalId ?? null;
  }

  /**
   * Why a Key Vault reference cannot be read, or null.
   * @param url of a secret or a certificate
   */
  vaultFault(url: string, principalId: string | null): string | null {
    const { hostname, pathname } = new URL(url);
    const [, kind = "", name = ""] = pathname.split("/");
    const vault = this.vaults.get(hostname.split(".")[0] ?? "");
    if (vault === undefined) return `the vault ${hostname} was not found`;
    if (principalId === null || !this.#mayRead(vault, principalId)) {
      return `the identity may not read ${kind} of the vault ${hostname}`;
    }
    const there = kind === "certificates" ? vault.certificates : vault.secrets;
    return there.has(name) ? null : `the vault ${hostname} has no such ${kind.replace(/s$/, "")}: ${name}`;
  }

  #mayRead(vault: Vault, principalId: string): boolean {
    if (!vault.usesRoles) return vault.readers.has(principalId);
    return this.roleAssignments.some(
      (role) =>
        role.principalId === principalId &&
        role.roleId === ROLES.keyVaultSecretsUser &&
        isAtOrAbove(role.scope, vault.id),
    );
  }
}

/** Whether an assignment at `scope` counts for the resource `id`. */
export const isAtOrAbove = (scope: string, id: string): boolean => {
  const [over, under] = [scope.toLowerCase().replace(/\/$/, ""), id.toLowerCase()];
  return under === over || under.startsWith(`${over}/`);
};

/** Which identity Azure uses for what, complete: what the settings leave out is the service's default. */

import type { IdentityType } from "../plane/data-plane.ts";
import type { TestDefinition } from "./test-definition.ts";

export interface ReferenceIdentity {
  readonly kind: "KeyVault" | "Metrics" | "Engine";
  readonly type: IdentityType;
  /** Resource id of a user-assigned one. */
  readonly value?: string;
}

/** Those that the test uses. A kind that is absent has the service's default: the resource's own identity, on engines none. */
export const referenceIdentities = ({
  azure,
  server,
}: Pick<TestDefinition, "azure" | "server">): readonly ReferenceIdentity[] => {
  const { keyVault, metrics, engine } = azure.identities;
  const readsVault = Object.keys(azure.secrets).length + Object.keys(azure.certificates).length > 0;
  const readsMetrics = server.length + azure.appComponents.length > 0;
  return [
    ...(keyVault !== undefined || readsVault ? [identity("KeyVault", keyVault ?? "system")] : []),
    ...(metrics !== undefined || readsMetrics ? [identity("Metrics", metrics ?? "system")] : []),
    ...[engine ?? []].flat().map((one) => identity("Engine", one)),
  ];
};

const identity = (kind: ReferenceIdentity["kind"], who: string): ReferenceIdentity =>
  who === "system" ? { kind, type: "SystemAssigned" } : { kind, type: "UserAssigned", value: who };

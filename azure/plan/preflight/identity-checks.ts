/** The identities that Azure uses for secrets, metrics and engines: each must be one of the resource's own. */

import type { ReferenceIdentity } from "../../definition/reference-identities.ts";
import type { LoadTestResource } from "../../plane/control-plane.ts";
import { resourceParts } from "../../resource-type.ts";
import { type Check, missing, ok } from "./check.ts";

type Identity = Pick<ReferenceIdentity, "kind" | "value">;

const DOES = {
  KeyVault: "reads the secrets",
  Metrics: "reads the metrics",
  Engine: "is the engines' own",
} as const satisfies Record<ReferenceIdentity["kind"], string>;

export const identityName = ({ value }: Pick<Identity, "value">): string =>
  value === undefined ? "system identity" : `identity ${resourceParts(value)?.name ?? value}`;

/** @returns null when the resource has no such identity */
export const principalOf = (resource: LoadTestResource, { value }: Pick<Identity, "value">): string | null =>
  value === undefined ? resource.systemPrincipalId : (resource.userAssigned[value.toLowerCase()] ?? null);

/** One line an identity, with all that it is for. */
export const identityChecks = (resource: LoadTestResource, identities: readonly Identity[]): Check[] =>
  [...Map.groupBy(identities, ({ value }) => value?.toLowerCase())].flatMap(([, same]) => {
    const [identity] = same;
    if (identity === undefined) return [];
    const about = { id: "identity", subject: identityName(identity) } as const;
    const what = same.map(({ kind }) => DOES[kind]).join(", ");
    if (principalOf(resource, identity) !== null) return [ok(about, what)];
    const seen = `${what}, and ${resource.name} does not have it`;
    return [missing(about, seen, "give it to the resource: Identity in the portal, or swarmbridge azure bicep")];
  });

/** The user-assigned identities that a test uses. */

import type { AzureSettings } from "../azure-schema.ts";
import { resourceParts } from "../resource-type.ts";
import { literal, type Resource, raw, type Symbols } from "./bicep-text.ts";
import { isInGroupOf } from "./configured-group.ts";

const VERSION = "2023-01-31";

/** By resource id in small letters. Those of the configured resource group are made, others are only named. */
export const identityResources = (
  azure: AzureSettings,
  ids: readonly string[],
  symbols: Symbols,
): ReadonlyMap<string, Resource> => {
  const found = new Map<string, Resource>();
  for (const id of ids) {
    const parts = resourceParts(id);
    if (parts === null || found.has(id.toLowerCase())) continue;
    const { subscription, resourceGroup, name, type } = parts;
    const isHere = isInGroupOf(azure, parts);
    const scope = raw(`resourceGroup(${literal(subscription)}, ${literal(resourceGroup)})`);
    found.set(id.toLowerCase(), {
      symbol: symbols.of("identity", name),
      type,
      version: VERSION,
      body: isHere ? { name, location: raw("location") } : { name, scope },
      isExisting: !isHere,
    });
  }
  return found;
};

/** Whether a resource lies in the resource group that the file is deployed into. */

import type { AzureSettings } from "../azure-schema.ts";
import type { ResourceParts } from "../resource-type.ts";

export const isInGroupOf = (
  { subscription, resourceGroup }: AzureSettings,
  parts: Pick<ResourceParts, "subscription" | "resourceGroup">,
): boolean => same(subscription, parts.subscription) && same(resourceGroup, parts.resourceGroup);

const same = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();

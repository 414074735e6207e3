/** The resources whose metrics are judged, and the role that reads those. */

import type { ServerCriterion } from "../../gate/criterion.ts";
import type { AzureSettings } from "../azure-schema.ts";
import { watchedResources } from "../plan/preflight/surroundings-checks.ts";
import { apiVersionOf, resourceParts } from "../resource-type.ts";
import type { Resource, Symbols } from "./bicep-text.ts";
import { isInGroupOf } from "./configured-group.ts";
import type { Principal } from "./principal.ts";
import { roleAssignment } from "./role-assignment.ts";

/** Ending of the role's name. */
const READER = "Reader";

interface Watched {
  readonly azure: AzureSettings;
  readonly server: readonly ServerCriterion[];
}

/** The role for criteria on metrics. What lies in other resource groups cannot get it by this file, and is named. */
export const metricResources = ({ azure, server }: Watched, symbols: Symbols, reader: Principal) => {
  const resources: Resource[] = [];
  const elsewhere: string[] = [];
  for (const id of watchedResources({ appComponents: [] }, server)) {
    const parts = resourceParts(id);
    const version = parts && apiVersionOf(parts.type);
    if (parts === null || version == null || !isInGroupOf(azure, parts)) {
      elsewhere.push(`// Not by this file: Monitoring Reader for the same identity on ${id.replaceAll(/\s/g, " ")}`);
      continue;
    }
    const symbol = symbols.of("watched", parts.name, [READER]);
    resources.push(
      { symbol, type: parts.type, version, isExisting: true, body: { name: parts.names.join("/") } },
      roleAssignment({
        symbol: symbol + READER,
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

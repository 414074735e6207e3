/** What the definition needs to know of the id of an Azure resource. */

import { resourceParts } from "../resource-type.ts";

/** Of an id that the schema has let pass. The type has those of what the resource is part of: `Microsoft.Sql/servers/databases`. */
export const typeAndName = (id: string): { readonly type: string; readonly name: string } => {
  const parts = resourceParts(id);
  if (parts === null) throw new TypeError("not the id of a resource");
  return parts;
};

/** Azure compares ids without regard to case, and gives them back in its own. */
export const isSameResource = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** How each server will be met: left out, held back, or as the users come. */

import { heldUsers, holdOf } from "../definition/held-users.ts";
import type { Target, TestDefinition } from "../definition/test-definition.ts";

export interface ServerNote {
  readonly name: string;
  readonly url: string;
  /** null: nothing holds the users back. */
  readonly note: string | null;
}

export const serverNotesOf = ({
  targets,
  load,
  azure,
}: Pick<TestDefinition, "targets" | "load" | "azure">): ServerNote[] =>
  targets.map((target) => ({
    name: target.name,
    url: target.url,
    note: noteOf(target, { users: load.users, engines: azure.engineInstances }),
  }));

const noteOf = (target: Target, run: { readonly users: number; readonly engines: number }): string | null => {
  if (target.missing !== null) return `left out: nothing under azure brings ${target.missing}`;
  const hold = holdOf(target);
  if (hold === null) return null;
  const held = `held to ${hold.users} users and ${hold.callsPerSecond} calls a second`;
  const used = heldUsers(hold, run.engines);
  const divided = used < Math.min(hold.users, run.users) ? `; ${run.engines} engines use ${used} of them` : "";
  if (target.allow !== null) return `${held}, by its allow${divided}`;
  const senseless = run.users > used ? `. ${run.users} users make no sense here until its owner agrees (allow)` : "";
  return `public, without allow: ${held}${divided}${senseless}`;
};

/** How each server will be met: left out, held back, or as the users come. */

import type { Target, TestDefinition } from "../definition/test-definition.ts";

export interface ServerNote {
  readonly name: string;
  readonly url: string;
  /** null: nothing holds the users back. */
  readonly note: string | null;
}

/** What the bridge holds a public server without `allow` to, over all engines. */
export const GUARD = { users: 17, callsPerSecond: 3 } as const;

export const serverNotesOf = ({ targets, load }: Pick<TestDefinition, "targets" | "load">): ServerNote[] =>
  targets.map((target) => ({ name: target.name, url: target.url, note: noteOf(target, load.users) }));

const noteOf = ({ missing, class: of, allow }: Target, users: number): string | null => {
  if (missing !== null) return `left out: nothing under azure brings ${missing}`;
  if (allow !== null) return `held to ${allow.users} users and ${allow.callsPerSecond} calls a second, by its allow`;
  if (of !== "public") return null;
  const held = `public, without allow: held to ${GUARD.users} users and ${GUARD.callsPerSecond} calls a second`;
  return users > GUARD.users ? `${held}. ${users} users make no sense here until its owner agrees (allow)` : held;
};

/** How many users of a run a server is held to, as the bridges on the engines will hold them (bridge/guard.ts). */

import type { Target } from "./test-definition.ts";

export interface Hold {
  readonly users: number;
  readonly callsPerSecond: number;
}

/** What a public server without `allow` is held to, over all engines. */
export const GUARD: Hold = { users: 17, callsPerSecond: 3 };

/** null: nothing holds the users back. */
export const holdOf = ({ class: of, allow }: Pick<Target, "class" | "allow">): Hold | null =>
  allow ?? (of === "public" ? GUARD : null);

/**
 * On all engines together. None knows its number at Azure, so each takes the smallest of the shares
 * (locustfiles/azure_engine.py), and what does not divide is used by none.
 */
export const heldUsers = ({ users }: Hold, engines: number): number => engines * Math.floor(users / engines);

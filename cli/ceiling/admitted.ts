/** What stands against a search before anything runs: other people's servers, and this machine's own limits. */

import { GENTLE } from "../../bridge/guard.ts";
import type { ServerSettings } from "../../config/settings.ts";
import { targetClass } from "../../config/target-class.ts";
import { CommandError } from "../command-error.ts";

/** Of the bridge and Locust themselves. */
const OWN_DESCRIPTORS = 100;

/** @throws {CommandError} when the guard of other people's servers would hold the search back */
export const refuseTooMany = (server: ServerSettings, most: number): void => {
  const isOurs = targetClass(server.url) !== "public";
  const users = server.allow?.users ?? (isOurs ? Number.POSITIVE_INFINITY : GENTLE.users);
  if (most <= users) return;
  throw new CommandError(
    server.allow === null
      ? `${server.name} is somebody else's server, which is held to ${users} users: ask its owner and say so in loadtest.yaml (allow: {users, callsPerSecond}), or stay within them (--steps 1,5,10,${users})`
      : `allow of ${server.name} in loadtest.yaml holds it to ${users} users: stay within them, or agree on more with its owner`,
  );
};

/** @throws {CommandError} when each session's connections would not fit into one process */
export const refuseWithoutDescriptors = (most: number, limit: number | null): void => {
  if (limit === null || most + OWN_DESCRIPTORS <= limit) return;
  throw new CommandError(
    `${most} sessions need more open files than the ${limit} that this machine allows a process: raise it (ulimit -n ${2 * most + OWN_DESCRIPTORS}), or search up to ${Math.max(1, limit - OWN_DESCRIPTORS)}`,
  );
};

/** The most that a process of ours may have open; null where nobody says (Windows). */
export const descriptorLimit = (): number | null => {
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly hard?: number | string } };
  };
  const hard = userLimits?.open_files?.hard;
  return typeof hard === "number" ? hard : null;
};

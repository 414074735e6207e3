/** How many sessions a server had at once in a run, and whether its limits held: what it carried, not what it can carry. */

import { type AwaitedKind, type Limits, type LimitUse, limitUses } from "../record/limit-use.ts";
import { ownValue } from "../record/own-value.ts";
import { plannedServers } from "../record/planned-starts.ts";
import type { RunRecord } from "../record/read-run.ts";
import { runMs } from "../record/run-length.ts";
import { byServer } from "../record/server-part.ts";
import { type ServerSecond, serverSeconds } from "../record/server-seconds.ts";
import { limitsOf } from "./limits-of.ts";

export interface Carried {
  readonly server: string;
  /** The most at once; null where the server has no sessions, or nobody counted. */
  readonly sessions: number | null;
  readonly operations: number;
  readonly perSecond: number;
  /** Nearest to the limit first; empty where nothing ended. */
  readonly uses: readonly LimitUse[];
  readonly isKept: boolean;
  /** Of a broken one: while sessions came, no second with up to so many was over a limit; null where that says nothing. */
  readonly cleanUpTo: number | null;
  /** Of the times that are held against the limits. */
  readonly kind: AwaitedKind;
}

export const carriedBy = (record: RunRecord): Carried[] => {
  const { file } = record;
  const seconds = runMs(file) / 1000;
  return byServer(file)
    .filter(({ operations }) => operations.length > 0)
    .map(({ name, operations }) => {
      const limits = limitsOf(file, name);
      const kind = plannedServers(file).has(name) ? "response" : "service";
      const uses = limitUses(operations, limits, kind).sort((a, b) => b.used - a.used);
      const isKept = uses.every(({ isBroken }) => !isBroken);
      const count = operations.reduce((sum, [, each]) => sum + each.count, 0);
      return {
        server: name === "" ? "(other)" : name,
        sessions: ownValue(file.sessions.byServer, name)?.peak || null,
        operations: count,
        perSecond: count / seconds,
        uses,
        isKept,
        cleanUpTo: isKept ? null : cleanUpTo(serverSeconds(record, name), limits),
        kind,
      };
    });
};

/**
 * Looks at the seconds until all sessions were there: later ones have a full server however few sessions are left.
 * @returns null where the first step up already broke a limit, or nobody counted sessions
 */
export const cleanUpTo = (rows: readonly ServerSecond[], { p99Ms, errorPercent }: Limits): number | null => {
  const most = rows.reduce((max, { sessions }) => Math.max(max, sessions ?? 0), 0);
  const full = rows.findIndex(({ sessions }) => sessions === most);
  let clean: number | null = null;
  for (const { count, failures, p99Ms: measuredMs = 0, sessions } of rows.slice(0, full + 1)) {
    const hasFailed = errorPercent !== undefined && 100 * failures > errorPercent * count;
    if (hasFailed || (p99Ms !== undefined && measuredMs > p99Ms)) return clean;
    if (sessions !== null && sessions > 0 && count > 0) clean = Math.max(clean ?? 0, sessions);
  }
  return clean === most ? null : clean;
};

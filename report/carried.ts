/** How many sessions a server had at once in a run, and whether its limits held: what it carried, not what it can carry. */

import { type AwaitedKind, endedOf, type Limits, type LimitUse, limitUses } from "../record/limit-use.ts";
import { ownValue } from "../record/own-value.ts";
import { plannedServers } from "../record/planned-starts.ts";
import type { RunRecord } from "../record/read-run.ts";
import type { OperationRecord } from "../record/run-file.ts";
import { runMs } from "../record/run-length.ts";
import { byServer, serverOf } from "../record/server-part.ts";
import { type ServerSecond, serverSeconds, workOf } from "../record/server-seconds.ts";
import { limitsOf } from "./limits-of.ts";

export interface Carried {
  /** Empty for what is with no server. */
  readonly server: string;
  /** The most at once; null where the server has no sessions, or nobody counted. */
  readonly sessions: number | null;
  /** That ended of themselves. */
  readonly operations: number;
  readonly perSecond: number;
  /** Nearest to the limit first; empty where nothing can be held against a limit. */
  readonly uses: readonly LimitUse[];
  readonly isKept: boolean;
  /** Of a broken one: while sessions came, no second with up to so many was over what broke; null where that says nothing. */
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
      const broken = uses.filter(({ isBroken }) => isBroken);
      const count = operations.reduce((sum, [, each]) => sum + endedOf(each), 0);
      return {
        server: name,
        sessions: ownValue(file.sessions.byServer, name)?.peak || null,
        operations: count,
        perSecond: count / seconds,
        uses,
        isKept: uses.length > 0 && broken.length === 0,
        cleanUpTo: broken.every((use) => isSeenBySecond({ use, record, server: name, kind }))
          ? cleanUpTo(serverSeconds(record, name), limitsIn(broken, limits))
          : null,
        kind,
      };
    });
};

interface Seen {
  readonly use: LimitUse;
  readonly record: RunRecord;
  readonly server: string;
  readonly kind: AwaitedKind;
}

/** A second of the timeline has all failures, but of times only service times, and here those of the server's main operation. */
const isSeenBySecond = ({ use, record: { file }, server, kind }: Seen): boolean => {
  if (use.limit === "errorPercent") return true;
  const work = workOf({ file }, server);
  const isOver = ({ outcomes }: OperationRecord): boolean =>
    (outcomes.ok?.times.service?.[use.limit] ?? 0) > use.allowedMs;
  const own = Object.entries(file.operations).filter(([name]) => serverOf(name) === server);
  return kind === "service" && own.every(([name, operation]) => name === work || !isOver(operation));
};

const limitsIn = (uses: readonly LimitUse[], limits: Limits): Limits =>
  Object.fromEntries(uses.map(({ limit }) => [limit, limits[limit]]));

/**
 * Looks at the seconds until all sessions were there: later ones have a full server however few sessions are left.
 * @param limits those that broke
 * @returns null where none did, the first step up was over one already, or nobody counted sessions
 */
export const cleanUpTo = (rows: readonly ServerSecond[], limits: Limits): number | null => {
  const most = rows.reduce((max, { sessions }) => Math.max(max, sessions ?? 0), 0);
  const full = rows.findIndex(({ sessions }) => sessions === most);
  let clean: number | null = null;
  for (const row of rows.slice(0, full + 1)) {
    const { count, sessions } = row;
    if (isOverIn(row, limits)) return clean;
    if (sessions !== null && sessions > 0 && count > 0) clean = Math.max(clean ?? 0, sessions);
  }
  return clean === most ? null : clean;
};

const isOverIn = ({ count, failures, ...times }: ServerSecond, limits: Limits): boolean => {
  const { errorPercent } = limits;
  if (errorPercent !== undefined && 100 * failures > errorPercent * count) return true;
  return (["p95Ms", "p99Ms"] as const).some(
    (limit) => (times[limit] ?? 0) > (limits[limit] ?? Number.POSITIVE_INFINITY),
  );
};

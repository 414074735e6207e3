/** What the link's `live` says (docs/link-protocol.md): the record's figures so far, and what goes on at this moment. */
import type { LiveFigures } from "../record/live-figures.ts";
import type { Now } from "../record/metrics/run-metrics.ts";
import { REASONS, type Reason } from "../record/reason.ts";

type Whose = (typeof REASONS)[Reason]["family"];

export interface LiveLine extends Omit<LiveFigures, "sessionsPeak"> {
  readonly users: number;
  readonly inFlight: number;
  readonly sessions: Readonly<Record<string, { readonly open: number; readonly peak: number }>>;
  readonly reasons: Readonly<Partial<Record<Reason, { readonly count: number; readonly whose: Whose }>>>;
}

export const liveLine = ({ sessionsPeak, ...figures }: LiveFigures, now: Now): LiveLine => ({
  ...figures,
  users: now.users ?? 0,
  inFlight: now.operationsInFlight,
  sessions: sessionsOf(sessionsPeak, now.sessionsByServer ?? {}),
  reasons: reasonsOf(figures.names),
});

/** The peak is from one reading a second: what is open now may be above it. */
const sessionsOf = (peaks: LiveFigures["sessionsPeak"], open: Readonly<Record<string, number>>): LiveLine["sessions"] =>
  Object.fromEntries(
    Object.keys({ ...peaks, ...open }).map((server) => {
      const now = open[server] ?? 0;
      return [server, { open: now, peak: Math.max(now, peaks[server] ?? 0) }];
    }),
  );

const reasonsOf = (names: LiveFigures["names"]): LiveLine["reasons"] => {
  const sums: Partial<Record<Reason, { count: number; whose: Whose }>> = {};
  for (const { counts } of Object.values(names)) {
    for (const [outcome, count] of Object.entries(counts)) {
      if (outcome === "ok" || count <= 0) continue;
      const reason = outcome as Reason;
      sums[reason] = { count: (sums[reason]?.count ?? 0) + count, whose: REASONS[reason].family };
    }
  }
  return sums;
};

/**
 * How fast a run used a server's error budget: the share of calls that were bad, beside the share that the server's limits
 * (`slo`) allow. 1 is as fast as can be kept up for ever. A p99 of 2 s is a promise on 99 of 100 calls: one may be slower.
 */
import type { Kind } from "./latency-log.ts";
import { DEFAULT_LIMITS, endedOf, failuresOf, type Limits } from "./limit-use.ts";
import type { Recording } from "./recording.ts";
import type { RunFile } from "./run-file.ts";
import { serverOf } from "./server-part.ts";
import { Times, toUs } from "./times.ts";

export interface Burn {
  readonly limit: keyof Limits;
  /** What is allowed: ms for a percentile, percent for failures. */
  readonly allowed: number;
  /** The budget: the percentage of `of` that may be bad. */
  readonly budgetPercent: number;
  /** Operations for failures, ok answers for times. */
  readonly of: number;
  /** Of these, failed or slower than allowed. */
  readonly bad: number;
  /** How many times as fast as sustainable. Infinite for a failure where none is allowed. */
  readonly burn: number;
}

const SLOWER_PERCENT = { p95Ms: 5, p99Ms: 1 } as const;

export interface BurnOptions {
  readonly server: string;
  readonly file: Pick<RunFile, "operations">;
  readonly recording: Recording;
  /** null: our defaults. */
  readonly limits: Limits | null;
  /** The time that the server's users wait for. */
  readonly kind: Kind;
}

/** @returns one for each limit that is set, of all operations with the server together; none where nothing ended */
export const burnsOf = ({ server, file, recording, limits, kind }: BurnOptions): Burn[] => {
  const allowed: Limits = limits ?? DEFAULT_LIMITS;
  const own = Object.entries(file.operations).filter(([name]) => serverOf(name) === server);
  const answers = new Times();
  for (const [name] of own) answers.add(recording.times(name, "ok", kind));
  const slow = (["p95Ms", "p99Ms"] as const).flatMap((limit) => {
    const ms = allowed[limit];
    if (ms === undefined || answers.count === 0) return [];
    return burnOf({
      limit,
      allowed: ms,
      budgetPercent: SLOWER_PERCENT[limit],
      of: answers.count,
      bad: answers.countAbove(toUs(ms)),
    });
  });
  const count = own.reduce((sum, [, each]) => sum + endedOf(each), 0);
  const { errorPercent } = allowed;
  if (errorPercent === undefined || count === 0) return slow;
  const bad = own.reduce((sum, [, each]) => sum + failuresOf(each), 0);
  const failed = burnOf({ limit: "errorPercent", allowed: errorPercent, budgetPercent: errorPercent, of: count, bad });
  return [failed, ...slow];
};

const burnOf = (figures: Omit<Burn, "burn">): Burn => {
  const { bad, of, budgetPercent } = figures;
  return { ...figures, burn: bad === 0 ? 0 : (100 * bad) / of / budgetPercent };
};

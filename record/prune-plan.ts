/** Which runs of a results folder may go: those beyond what somebody wants to keep, and never one that is still written. */
import type { ListedRun } from "./run-list.ts";

export interface PruneRule {
  /** The newest so many stay. null: no number is kept as such. */
  readonly keep: number | null;
  /** Younger ones stay. */
  readonly olderThanMs: number | null;
}

export interface PruneAround {
  readonly nowMs: number;
  /** Ids that something else rests on, and what. */
  readonly needed: ReadonlyMap<string, string>;
  /** When anything in a run's folder was last written; ms since the epoch. */
  readonly touchedMs: (run: ListedRun) => number;
}

export interface PrunePlan {
  readonly goes: readonly ListedRun[];
  /** What would have gone by its age or number alone. */
  readonly stays: readonly { readonly run: ListedRun; readonly why: string }[];
}

/** A running test writes each second; a computer that slept, or a long merge, is not dead yet. */
const STILL_ALIVE_MS = 60 * 60_000;

/** A run that either part of the rule keeps is kept. @param runs the oldest first */
export const prunePlan = (
  runs: readonly ListedRun[],
  { keep, olderThanMs }: PruneRule,
  around: PruneAround,
): PrunePlan => {
  const byNumber = keep === null ? runs : runs.slice(0, Math.max(0, runs.length - keep));
  const beyond = byNumber.filter(({ startMs }) => olderThanMs === null || around.nowMs - startMs > olderThanMs);
  const judged = beyond.map((run) => ({ run, why: reasonToStay(run, around) }));
  return {
    goes: judged.flatMap(({ run, why }) => (why === null ? run : [])),
    stays: judged.flatMap(({ run, why }) => (why === null ? [] : { run, why })),
  };
};

/** @returns null: it may go */
export const reasonToStay = (run: ListedRun, { nowMs, needed, touchedMs }: PruneAround): string | null => {
  const { head, name } = run;
  const need = needed.get(head?.id ?? name) ?? needed.get(name);
  if (need !== undefined) return need;
  const isOpen = head === null || head.state === "running";
  return isOpen && nowMs - touchedMs(run) < STILL_ALIVE_MS
    ? "it is not complete, and was written within the last hour"
    : null;
};

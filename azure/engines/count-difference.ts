/** Compares what an engine's bridge counted with the rows that the service kept of the same engine, name by name. */
import type { RunFile } from "../../record/run-file.ts";

export interface NameCount {
  readonly count: number;
  readonly failures: number;
  /** Of the failures those that a failed `expect` made of an answer: they stand in the rows as successes. */
  readonly failedChecks: number;
}

export type NameCounts = ReadonlyMap<string, NameCount>;

/** What auth did is in no row. */
export const nameCounts = ({ operations }: Pick<RunFile, "operations">): NameCounts =>
  new Map(
    Object.entries(operations).map(([name, { count, failures, outcomes }]) => [
      name,
      { count, failures, failedChecks: outcomes.assertion?.count ?? 0 },
    ]),
  );

/** Summed over the names. */
export interface CountDifference {
  /** Whichever side has more. */
  readonly total: number;
  /** Rows of operations that the bridge does not know: its record lacks something. */
  readonly missing: number;
  /** Operations of the bridge that are in no row. */
  readonly surplus: number;
  /** Rows that failed, and are no failures for the bridge. */
  readonly lostFailures: number;
  /** Failures of the bridge, other than failed checks, that are none in the rows. */
  readonly moreFailures: number;
  /** Names of a bridge's kind that have rows, and no operation at all for the bridge. */
  readonly lostNames: number;
}

/** `server:method[:target]`, as a bridge names its operations. Another user of the test, of plain HTTP, has other names. */
const OF_BRIDGE = /^[^:/?]+:(?:initialize|ping|[a-z]+\/[a-zA-Z]+(?:\/[a-zA-Z]+)*)(?::|$)/;

const NONE: NameCount = { count: 0, failures: 0, failedChecks: 0 };

export const countDifference = (own: NameCounts, rows: NameCounts): CountDifference => {
  const sum = { missing: 0, surplus: 0, lostFailures: 0, moreFailures: 0, lostNames: 0 };
  for (const name of new Set([...own.keys(), ...rows.keys()])) {
    const [ours, theirs] = [own.get(name) ?? NONE, rows.get(name) ?? NONE];
    sum.missing += Math.max(0, theirs.count - ours.count);
    sum.surplus += Math.max(0, ours.count - theirs.count);
    sum.lostFailures += Math.max(0, theirs.failures - ours.failures);
    sum.moreFailures += Math.max(0, ours.failures - ours.failedChecks - theirs.failures);
    if (theirs.count > 0 && ours.count === 0 && OF_BRIDGE.test(name)) sum.lostNames += 1;
  }
  return { ...sum, total: sum.missing + sum.surplus };
};

interface Rows {
  readonly rows: number;
  readonly brokenRows: number;
}

/**
 * Whether both can be of the same engine. The bridge counts to the end of a run, the service may stop before; the other way
 * round, few can be explained, and a failure that the bridge does not know hardly ever. What does not fit costs only exact
 * times: the rows are there.
 */
export const isCovered = (difference: CountDifference, engine: Rows): boolean => {
  const { missing, lostFailures, lostNames } = difference;
  const { rows } = engine;
  return (
    lostNames === 0 &&
    missing <= Math.max(rows / 100, Math.min(10, rows / 10)) &&
    // One: its connection was cut when the run was stopped.
    lostFailures <= Math.max(1, rows / 1000) &&
    !isMore(difference, engine)
  );
};

/** Whether the bridge has clearly more operations or failures than there are rows: the rows are not all of the engine's load. */
export const isMore = ({ surplus, moreFailures }: CountDifference, { rows, brokenRows }: Rows): boolean =>
  Math.max(surplus, moreFailures) > rows / 10 + Math.min(10, rows) + brokenRows;

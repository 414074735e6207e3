/** The timeline of one server: what its operations did and how many sessions it had, second by second. */
import { type RunRecord, timelineRows } from "./read-run.ts";
import { serverOf } from "./server-part.ts";

export interface ServerSecond {
  /** Whole seconds since the one in which the run started. */
  readonly second: number;
  readonly count: number;
  readonly failures: number;
  /** Tool calls among them. */
  readonly calls: number;
  /** Of the ok answers of `workOf`; absent when there was none. */
  readonly p50Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
  /** Null when nobody counted. */
  readonly sessions: number | null;
}

const CALLS = /^[^:]*:tools\/call(:|$)/;

/** Seconds of which there is a row, in order. */
export const serverSeconds = (record: Pick<RunRecord, "dir" | "file">, server: string): ServerSecond[] => {
  const work = workOf(record, server);
  return [...timelineRows(record)].map(({ second, operations, gauges }) => {
    const sums = { count: 0, failures: 0, calls: 0 };
    for (const [name, { count, failures }] of Object.entries(operations)) {
      if (serverOf(name) !== server) continue;
      sums.count += count;
      sums.failures += failures;
      if (CALLS.test(name)) sums.calls += count;
    }
    const { p50Ms, p99Ms } = (work === null ? undefined : operations[work]) ?? {};
    return { second, ...sums, p50Ms, p99Ms, sessions: gauges?.sessionsByServer?.[server] ?? null };
  });
};

/** The operation whose times stand for the server: what it did most often. */
export const workOf = ({ file }: Pick<RunRecord, "file">, server: string): string | null => {
  const own = Object.entries(file.operations).filter(([name]) => serverOf(name) === server);
  const calls = own.filter(([name]) => CALLS.test(name));
  const [most] = (calls.length > 0 ? calls : own).sort(([, a], [, b]) => b.count - a.count);
  return most?.[0] ?? null;
};

/** Share of the most sessions with which a run counts as being at its load. */
const FULL = 0.9;

/** The seconds from the first to the last with nearly all sessions: what comes before and behind is coming and going. */
export const fullSeconds = (seconds: readonly ServerSecond[]): readonly ServerSecond[] => {
  // Not spread into arguments: of a run of some days there would be more than a call can take.
  const most = seconds.reduce((max, { sessions }) => Math.max(max, sessions ?? 0), 0);
  if (most === 0) return seconds;
  const isFull = ({ sessions }: ServerSecond) => (sessions ?? 0) >= FULL * most;
  return seconds.slice(seconds.findIndex(isFull), seconds.findLastIndex(isFull) + 1);
};

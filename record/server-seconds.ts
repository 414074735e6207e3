/** The timeline of one server: what its operations did and how many sessions it had, second by second. */
import type { ReadableRecord } from "./answers.ts";
import { ownValue } from "./own-value.ts";
import type { RunFile } from "./run-file.ts";
import { serverNames, serverOf } from "./server-part.ts";
import type { TimelineRow } from "./timeline.ts";
import { type NamedRows, readRows, type TimelineQuestion, timelineAnswers } from "./timeline-answers.ts";

export interface ServerSecond {
  /** Whole seconds since the one in which the run started. */
  readonly second: number;
  /** What ended of itself, without what was cut off; of older records, whose rows do not tell, all. */
  readonly count: number;
  readonly failures: number;
  /** Tool calls among them. */
  readonly calls: number;
  /** Of the ok answers of `workOf`; absent when there was none. */
  readonly p50Ms?: number | undefined;
  readonly p95Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
  /** Null when nobody counted. */
  readonly sessions: number | null;
}

const CALLS = /^[^:]*:tools\/call(:|$)/;

/** Of a run with more servers each is read when it is asked for: their seconds together would be too many to keep. */
const MOST_KEPT = 50;

/** Seconds of which there is a row, in order. Read for all servers at the first question: the rows of an hour are 30 MB. */
export const serverSeconds = (record: ReadableRecord, server: string): readonly ServerSecond[] => {
  const servers = serversOf(record.file);
  const isKept = servers.includes(server) && servers.length <= MOST_KEPT;
  if (isKept) return timelineAnswers.of(record, ALL_SERVERS).get(server) ?? [];
  const seconds = secondsOf(record, [server]);
  readRows(record, [seconds]);
  return seconds.found().get(server) ?? [];
};

const serversOf = ({ operations }: RunFile): string[] => [...new Set(Object.keys(operations).map(serverOf))];

const secondsOf = (record: ReadableRecord, servers: readonly string[]): ReturnType<TimelineQuestion<BySecond>> => {
  const seconds = new Map<string, ServerSecond[]>(servers.map((server) => [server, []]));
  const work = new Map(servers.map((server) => [server, workOf(record, server)]));
  const calls = new Set(Object.keys(record.file.operations).filter((name) => CALLS.test(name)));
  const serverIn = serverNames();
  const take = ({ second, operations, gauges }: TimelineRow, named: NamedRows): void => {
    const sums = new Map(servers.map((server) => [server, { count: 0, failures: 0, calls: 0 }]));
    for (const [name, { count, failures }] of named) {
      const sum = sums.get(serverIn(name));
      if (sum === undefined) continue;
      sum.count += count;
      sum.failures += failures;
      if (calls.has(name)) sum.calls += count;
    }
    for (const [server, sum] of sums) {
      const { p50Ms, p95Ms, p99Ms } = ownValue(operations, work.get(server) ?? "") ?? {};
      const sessions = ownValue(gauges?.sessionsByServer, server) ?? null;
      seconds.get(server)?.push({ second, ...sum, p50Ms, p95Ms, p99Ms, sessions });
    }
  };
  return { take, found: () => seconds };
};

type BySecond = ReadonlyMap<string, readonly ServerSecond[]>;

/** Of a run with more than `MOST_KEPT` servers: nothing. */
export const ALL_SERVERS: TimelineQuestion<BySecond> = (record) => {
  const servers = serversOf(record.file);
  return secondsOf(record, servers.length > MOST_KEPT ? [] : servers);
};

/** The operation whose times stand for the server: what it did most often. */
export const workOf = ({ file }: Pick<ReadableRecord, "file">, server: string): string | null => {
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

/**
 * The percentiles of a record with how sure each is: read once from its latency log, in consecutive batches of seconds, so that
 * slow calls that came together do not count as many.
 */
import type { Kind, LogLine, Series } from "./latency-log.ts";
import { type LogQuestion, logAnswers, readLog } from "./log-answers.ts";
import type { LogReader } from "./log-walk.ts";
import { type PercentileInterval, percentileInterval } from "./percentile-interval.ts";
import type { RunRecord } from "./read-run.ts";
import type { RunFile } from "./run-file.ts";
import { Times } from "./times.ts";

/** Long enough that what slows one second seldom reaches through a whole batch, enough of them to see a spread. */
const BATCHES = 10;

const PERCENTILES = { p50Ms: 50, p90Ms: 90, p95Ms: 95, p99Ms: 99 } as const;
export type IntervalKey = keyof typeof PERCENTILES;

/** Of the ok answers of one name. */
export interface NameIntervals extends Readonly<Record<IntervalKey, PercentileInterval>> {
  readonly count: number;
  /** All of them, as far as the log could be read. */
  readonly times: Times;
  /** The same in ten consecutive stretches of the run, some of them empty. */
  readonly batches: readonly Times[];
}

/**
 * Intervals of 95 % by name, for operations and turns alike. Read at the first question and kept as long as the record is.
 * @param kind service or response time, of ok answers; `awaitedKind` says which one the users waited for
 * @returns nothing for a name that has no times
 */
export const intervalsOf = (record: RunRecord, kind: Kind = "service"): ReadonlyMap<string, NameIntervals> =>
  logAnswers.of(record, INTERVALS[kind]);

/** The same of one name alone: a summary that shows one need not read the others' times. */
export const intervalsOfName = (record: RunRecord, wanted: string, kind: Kind): NameIntervals | null => {
  const known = logAnswers.known(record, INTERVALS[kind]);
  if (known !== undefined) return known.get(wanted) ?? null;
  const reader = new BatchReader(record.file, kind, (name) => name === wanted);
  readLog(record, [reader]);
  return reader.found().get(wanted) ?? null;
};

/** A name's times whole, and by batch. */
class Batched {
  readonly batches = Array.from({ length: BATCHES }, () => new Times());
  /** Of damaged lines that do not say their second. */
  readonly #undated = new Times();
  #whole: Times | null = null;

  /** Added up when all lines are read: ten sums instead of one for each second. */
  get whole(): Times {
    if (this.#whole === null) {
      this.#whole = new Times();
      for (const each of [...this.batches, this.#undated]) this.#whole.add(each);
    }
    return this.#whole;
  }

  /** Not behind a `takeBack`. */
  add(times: Times, batch: number): void {
    (this.batches[batch] ?? this.#undated).add(times);
  }

  /** Counted in a second before, as a rule in the same batch. */
  takeBack(times: Times, batch: number): void {
    this.whole.subtract(times);
    this.batches[batch]?.subtract(times);
  }
}

const intervals = ({ whole, batches }: Batched): NameIntervals => {
  const of = (key: IntervalKey): PercentileInterval => percentileInterval(whole, PERCENTILES[key], batches);
  return {
    count: whole.count,
    times: whole,
    batches,
    p50Ms: of("p50Ms"),
    p90Ms: of("p90Ms"),
    p95Ms: of("p95Ms"),
    p99Ms: of("p99Ms"),
  };
};

class BatchReader implements LogReader {
  readonly #kind: Kind;
  readonly #isNamed: (name: string) => boolean;
  readonly #batchOf: (second: number) => number;
  readonly #names = new Map<string, Batched>();

  constructor(file: RunFile, kind: Kind, isNamed: (name: string) => boolean = () => true) {
    this.#kind = kind;
    this.#isNamed = isNamed;
    this.#batchOf = batchOfSecond(file);
  }

  isWanted(series: Series): boolean {
    if ("half" in series) return false;
    return series.outcome === "ok" && series.kind === this.#kind && this.#isNamed(series.name);
  }

  take({ series, startSecond, times }: LogLine): void {
    if ("half" in series) return;
    const batched = this.#names.get(series.name) ?? new Batched();
    this.#names.set(series.name, batched);
    batched.add(times, this.#batchOf(startSecond));
  }

  takeBack({ series, startSecond, times }: LogLine): void {
    if ("name" in series) this.#names.get(series.name)?.takeBack(times, this.#batchOf(startSecond));
  }

  found(): ReadonlyMap<string, NameIntervals> {
    return new Map([...this.#names].map(([name, each]) => [name, intervals(each)]));
  }
}

const intervalsQuestion =
  (kind: Kind): LogQuestion<ReadonlyMap<string, NameIntervals>> =>
  ({ file }) =>
    new BatchReader(file, kind);

export const INTERVALS = {
  service: intervalsQuestion("service"),
  response: intervalsQuestion("response"),
  headers: intervalsQuestion("headers"),
  "first-event": intervalsQuestion("first-event"),
  connect: intervalsQuestion("connect"),
} as const satisfies Record<Kind, unknown>;

const batchOfSecond = ({ startedAt, endedAt, updatedAt }: RunFile): ((second: number) => number) => {
  const start = Math.floor(Date.parse(startedAt) / 1000);
  const seconds = Math.max(1, Math.ceil(Date.parse(endedAt ?? updatedAt) / 1000) - start);
  return (second) => Math.min(BATCHES - 1, Math.max(0, Math.floor((BATCHES * (second - start)) / seconds)));
};

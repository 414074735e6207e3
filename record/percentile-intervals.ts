/**
 * The percentiles of a record with how sure each is: read once from its latency log, in consecutive batches of seconds, so that
 * slow calls that came together do not count as many.
 */
import { join } from "node:path";
import { type Kind, type LogLine, parseLine, seriesOf } from "./latency-log.ts";
import { type PercentileInterval, percentileInterval } from "./percentile-interval.ts";
import type { RunRecord } from "./read-run.ts";
import { LATENCIES } from "./record-files.ts";
import type { RunFile } from "./run-file.ts";
import { taggedLines } from "./tagged-lines.ts";
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

const cache = new WeakMap<RunFile, Map<Kind, ReadonlyMap<string, NameIntervals>>>();

/**
 * Intervals of 95 % by name, for operations and turns alike. Read at the first question and kept as long as the record is.
 * @param kind service or response time, of ok answers; `awaitedKind` says which one the users waited for
 * @returns nothing for a name that has no times
 */
export const intervalsOf = (record: RunRecord, kind: Kind = "service"): ReadonlyMap<string, NameIntervals> => {
  const kinds = cache.get(record.file) ?? new Map<Kind, ReadonlyMap<string, NameIntervals>>();
  cache.set(record.file, kinds);
  const known = kinds.get(kind) ?? new Map([...batchesOf(record, kind)].map(([name, each]) => [name, intervals(each)]));
  kinds.set(kind, known);
  return known;
};

/** The same of one name alone: a summary that shows one need not read the others' times. */
export const intervalsOfName = (record: RunRecord, wanted: string, kind: Kind): NameIntervals | null => {
  const known = cache.get(record.file)?.get(kind)?.get(wanted);
  if (known !== undefined) return known;
  const batched = batchesOf(record, kind, (name) => name === wanted).get(wanted);
  return batched === undefined ? null : intervals(batched);
};

/** A name's times whole, and by batch. */
class Batched {
  readonly whole = new Times();
  readonly batches = Array.from({ length: BATCHES }, () => new Times());

  add(times: Times, batch: number): void {
    this.whole.add(times);
    this.batches[batch]?.add(times);
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

const batchesOf = (
  { dir, file }: RunRecord,
  kind: Kind,
  isNamed: (name: string) => boolean = () => true,
): Map<string, Batched> => {
  const found = new Map<string, Batched>();
  // Later: a line may take back what a line behind it counts.
  const takenBack: LogLine[] = [];
  const batchOf = batchOfSecond(file);
  const isWanted = (tag: string): boolean => {
    const series = seriesOf(tag);
    return (
      series !== null && "name" in series && series.outcome === "ok" && series.kind === kind && isNamed(series.name)
    );
  };
  for (const line of taggedLines(join(dir, LATENCIES), file.files.latencyBytes, isWanted)) {
    const parsed = parseLine(line);
    if (parsed === null || !("name" in parsed.series)) continue;
    const { name, isMoved } = parsed.series;
    if (isMoved === true) takenBack.push(parsed);
    else {
      const batched = found.get(name) ?? new Batched();
      found.set(name, batched);
      batched.add(parsed.times, batchOf(parsed.startSecond));
    }
  }
  for (const { series, startSecond, times } of takenBack) {
    if ("name" in series) found.get(series.name)?.takeBack(times, batchOf(startSecond));
  }
  return found;
};

const batchOfSecond = ({ startedAt, endedAt, updatedAt }: RunFile): ((second: number) => number) => {
  const start = Math.floor(Date.parse(startedAt) / 1000);
  const seconds = Math.max(1, Math.ceil(Date.parse(endedAt ?? updatedAt) / 1000) - start);
  return (second) => Math.min(BATCHES - 1, Math.max(0, Math.floor((BATCHES * (second - start)) / seconds)));
};

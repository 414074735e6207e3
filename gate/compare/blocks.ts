/**
 * A run cut into blocks of consecutive seconds. Neighbouring calls are alike (a slow second makes all of its calls slow), so
 * that the spread between blocks says what a figure of the run is worth, and the number of calls alone does not.
 */
import type { LogLine } from "../../record/latency-log.ts";
import { readLog } from "../../record/log-answers.ts";
import { awaitedKind, plannedServers } from "../../record/planned-starts.ts";
import { type RunRecord, timelineRows } from "../../record/read-run.ts";
import { sectionOf } from "../../record/section.ts";
import { Times } from "../../record/times.ts";

const MOST_BLOCKS = 20;

export interface Block {
  readonly seconds: number;
  count: number;
  failures: number;
  /** Of good answers; those that Locust gets (docs/measurement.md). */
  readonly times: Times;
}

/**
 * By name, each with every block of the run, in order.
 * @param seconds how long the run took
 */
export const blocksOf = (record: RunRecord, seconds: number): Map<string, Block[]> => {
  const lengths = blockLengths(seconds);
  const [length = 1] = lengths;
  const byName = new Map<string, Block[]>();
  const blockAt = (name: string, second: number): Block | undefined => {
    let blocks = byName.get(name);
    if (blocks === undefined) {
      blocks = lengths.map((each) => ({ seconds: each, count: 0, failures: 0, times: new Times() }));
      byName.set(name, blocks);
    }
    return blocks[Math.min(lengths.length - 1, Math.max(0, Math.floor(second / length)))];
  };
  for (const { second, operations } of timelineRows(record)) {
    for (const [name, { count, failures }] of Object.entries(operations)) {
      if (sectionOf(name) !== "operations") continue;
      const block = blockAt(name, second);
      if (block === undefined) continue;
      block.count += count;
      block.failures += failures;
    }
  }
  const planned = plannedServers(record.file);
  const firstSecond = Math.floor(Date.parse(record.file.startedAt) / 1000);
  const timesAt = ({ series, startSecond }: LogLine): Times | undefined =>
    "name" in series ? blockAt(series.name, startSecond - firstSecond)?.times : undefined;
  readLog(record, [
    {
      isWanted: (series) =>
        "name" in series &&
        series.outcome === "ok" &&
        sectionOf(series.name) === "operations" &&
        series.kind === awaitedKind(series.name, planned),
      take: (line) => timesAt(line)?.add(line.times),
      takeBack: (line) => timesAt(line)?.subtract(line.times),
    },
  ]);
  return byName;
};

/** All names together, block by block. */
export const blocksTogether = (byName: ReadonlyMap<string, readonly Block[]>): Block[] => {
  const sums: Block[] = [];
  for (const blocks of byName.values()) {
    for (const [index, block] of blocks.entries()) {
      const sum = sums[index] ?? { seconds: block.seconds, count: 0, failures: 0, times: new Times() };
      sums[index] = sum;
      sum.count += block.count;
      sum.failures += block.failures;
      sum.times.add(block.times);
    }
  }
  return sums;
};

/** Of whole seconds, all as long, but for the last one. */
const blockLengths = (seconds: number): number[] => {
  const length = Math.max(1, Math.ceil(seconds / MOST_BLOCKS));
  const count = Math.max(1, Math.ceil(seconds / length));
  return Array.from({ length: count }, (_, index) =>
    index < count - 1 ? length : Math.max(0.001, seconds - length * index),
  );
};

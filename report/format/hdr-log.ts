/**
 * The latency log of a run for other programs: the wanted series alone, and without the lines that take something back,
 * which no other reader knows. What they hold is taken out of the lines that counted it.
 */
import { join } from "node:path";
import { bucketOf } from "../../record/buckets.ts";
import { lineOf, logHead, parseLine, type Series, seriesOfLine, tagOf } from "../../record/latency-log.ts";
import type { RunRecord } from "../../record/read-run.ts";
import { committedLines, LATENCIES } from "../../record/record-files.ts";
import { Times } from "../../record/times.ts";
import type { ExportedRun, SeriesFilter } from "./exported-run.ts";

export function* hdrLog({ record }: ExportedRun, filter: SeriesFilter): Generator<string> {
  yield logHead(Date.parse(record.file.startedAt));
  const takenBack = movedTimes(record, filter);
  for (const line of wantedLines(record, filter)) {
    const series = seriesOfLine(line);
    if (series === null || isMoved(series)) continue;
    const moved = takenBack.get(tagOf(series));
    if (moved === undefined || moved.count === 0) {
      yield `${line}\n`;
      continue;
    }
    const parsed = parseLine(line);
    if (parsed === null) continue;
    const here = common(parsed.times, moved);
    parsed.times.subtract(here);
    moved.subtract(here);
    if (parsed.times.count > 0) yield lineOf(parsed);
  }
}

function* wantedLines({ dir, file }: RunRecord, filter: SeriesFilter): Generator<string> {
  for (const line of committedLines(join(dir, LATENCIES), file.files.latencyBytes)) {
    const series = seriesOfLine(line);
    if (series !== null && isWanted(series, filter)) yield line;
  }
}

/** The harness's own delay has neither name nor outcome: it is among everything, and in no choice. */
const isWanted = (series: Series, { names, outcomes, kinds }: SeriesFilter): boolean => {
  if ("half" in series) return names.length + outcomes.length + kinds.length === 0;
  return has(names, series.name) && has(outcomes, series.outcome) && has(kinds, series.kind);
};

const has = <T>(wanted: readonly T[], one: T): boolean => wanted.length === 0 || wanted.includes(one);

const isMoved = (series: Series): boolean => "name" in series && series.isMoved === true;

/** What is to be taken back, by the tag of the lines that count it. */
const movedTimes = (record: RunRecord, filter: SeriesFilter): Map<string, Times> => {
  const moved = new Map<string, Times>();
  for (const line of wantedLines(record, filter)) {
    const series = seriesOfLine(line);
    if (series === null || !("name" in series) || series.isMoved !== true) continue;
    const parsed = parseLine(line);
    if (parsed === null) continue;
    const tag = tagOf({ name: series.name, outcome: series.outcome, kind: series.kind });
    const sum = moved.get(tag) ?? new Times();
    moved.set(tag, sum);
    sum.add(parsed.times);
  }
  return moved;
};

/** What both hold, bucket by bucket. */
const common = (a: Times, b: Times): Times => {
  const inA = new Map(a.buckets());
  const both = new Times();
  for (const [floorUs, count] of b.buckets()) {
    const held = Math.min(count, inA.get(floorUs) ?? 0);
    if (held > 0) both.addBucket(bucketOf(floorUs), held);
  }
  return both;
};

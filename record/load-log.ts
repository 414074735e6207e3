/** Adds up what a latency log holds. Exact, as far as the log is whole. */
import { join } from "node:path";
import { isLogComment, type LogLine, parseLine, type Series, seriesOf } from "./latency-log.ts";
import type { RunRecord } from "./read-run.ts";
import { committedLines, LATENCIES } from "./record-files.ts";
import type { Recording } from "./recording.ts";
import { taggedLines } from "./tagged-lines.ts";
import type { Times } from "./times.ts";

/**
 * @param bytes of the file that belong to the record
 * @param onComment told each line of the log's head
 * @returns how many lines could not be read
 */
export const loadLog = (
  recording: Recording,
  path: string,
  bytes: number,
  onComment: (line: string) => void = () => undefined,
): number => addLines(recording, committedLines(path, bytes), onComment);

/** The same of those lines alone whose series somebody wants; the others, most of a long run's log, stay unread. */
export const loadSeries = (
  recording: Recording,
  { dir, file }: Pick<RunRecord, "dir" | "file">,
  isWanted: (series: Series) => boolean,
): void => {
  const lines = taggedLines(join(dir, LATENCIES), file.files.latencyBytes, (tag) => {
    const series = seriesOf(tag);
    return series !== null && isWanted(series);
  });
  addLines(recording, lines, () => undefined);
  recording.restore(file);
};

const addLines = (recording: Recording, lines: Iterable<string>, onComment: (line: string) => void): number => {
  // Later: a line may take back what a line behind it counts, when a disk had refused in between.
  const takenBack: LogLine[] = [];
  let brokenLines = 0;
  for (const line of lines) {
    const parsed = parseLine(line);
    if (parsed === null) {
      if (isLogComment(line)) onComment(line);
      else brokenLines += 1;
      continue;
    }
    if ("name" in parsed.series && parsed.series.isMoved) takenBack.push(parsed);
    else timesOf(recording, parsed).add(parsed.times);
  }
  for (const line of takenBack) timesOf(recording, line).subtract(line.times);
  return brokenLines;
};

const timesOf = (recording: Recording, { series }: LogLine): Times =>
  "half" in series ? recording.half(series.half) : recording.times(series.name, series.outcome, series.kind);

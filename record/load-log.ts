/** Adds up what a latency log holds. Exact, as far as the log is whole. */
import { isLogComment, type LogLine, parseLine } from "./latency-log.ts";
import { committedLines } from "./record-files.ts";
import type { Recording } from "./recording.ts";
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
): number => {
  // Later: a line may take back what a line behind it counts, when a disk had refused in between.
  const takenBack: LogLine[] = [];
  let brokenLines = 0;
  for (const line of committedLines(path, bytes)) {
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

/** Adds up what a latency log holds. Exact, as far as the log is whole. */
import type { LogLine, Series } from "./latency-log.ts";
import { type LogReader, walkLog } from "./log-walk.ts";
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
  let brokenLines = 0;
  const broken = (): void => {
    brokenLines += 1;
  };
  walkLog(path, bytes, [recordingReader(recording)], { comment: onComment, broken });
  return brokenLines;
};

/** Adds the lines to `recording` whose series somebody wants. */
export const recordingReader = (
  recording: Recording,
  isWanted: (series: Series) => boolean = () => true,
): LogReader => ({
  isWanted,
  take: (line) => timesOf(recording, line).add(line.times),
  takeBack: (line) => timesOf(recording, line).subtract(line.times),
});

const timesOf = (recording: Recording, { series }: LogLine): Times =>
  "half" in series ? recording.half(series.half) : recording.times(series.name, series.outcome, series.kind);

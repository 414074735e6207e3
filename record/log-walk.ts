/**
 * One walk over a latency log for all who want something of it: a line is decoded once, however many want it, and not at
 * all when nobody does. Of an hour's million lines a report needs a fifth.
 */
import { decodeInto } from "./hdr-encoding.ts";
import { isLogComment, type LogLine, type Series, seriesOf } from "./latency-log.ts";
import { forEachLine } from "./line-bytes.ts";
import { numberIn } from "./number-bytes.ts";
import { TagTable } from "./tag-table.ts";
import { Times } from "./times.ts";

export interface LogReader {
  /** Asked once for each tag of the log. */
  isWanted(series: Series): boolean;
  /** @param line its `times` are filled anew for the next line: who keeps them adds them to others */
  take(line: LogLine): void;
  /** Comes when all lines are taken: one may take back what a line behind it counts, when a disk had refused in between. */
  takeBack(line: LogLine): void;
}

/** What is no line that anybody wants. */
export interface OtherLines {
  /** Each line of the log's head. */
  comment(line: string): void;
  /** A torn line, or one of others. Unwanted lines are not looked at. */
  broken(): void;
}

/** @param bytes of the file that belong to the record */
export const walkLog = (path: string, bytes: number, readers: readonly LogReader[], others?: OtherLines): void => {
  const tags = new TagTable((tag) => wantedBy(seriesOf(tag), readers));
  const takenBack: { readonly line: LogLine; readonly by: readonly LogReader[] }[] = [];
  const shared = new Times();
  const tell = (line: string): void => {
    if (isLogComment(line)) others?.comment(line);
    else others?.broken();
  };
  forEachLine(path, bytes, (buffer, from, end) => {
    const entry = startsWithMark(buffer, from) ? tags.get(buffer, from + MARK.length, end) : null;
    if (entry === null) {
      if (others !== undefined) tell(buffer.toString("utf8", from, end));
      return;
    }
    const { series, by } = entry.value;
    if (series === null) others?.broken();
    if (series === null || by.length === 0) return;
    const isMoved = "name" in series && series.isMoved === true;
    const times = isMoved ? new Times() : shared;
    times.clear();
    const line = lineIn(buffer, from + MARK.length + entry.bytes.length, end, series, times);
    if (line === null) others?.broken();
    else if (isMoved) takenBack.push({ line, by });
    else for (const reader of by) reader.take(line);
  });
  for (const { line, by } of takenBack) for (const reader of by) reader.takeBack(line);
};

const wantedBy = (series: Series | null, readers: readonly LogReader[]) => ({
  series,
  by: series === null ? [] : readers.filter((reader) => reader.isWanted(series)),
});

/** @param from behind the tag and its comma @returns null for a torn line */
const lineIn = (buffer: Buffer, from: number, end: number, series: Series, times: Times): LogLine | null => {
  const length = commaIn(buffer, from, end);
  const max = commaIn(buffer, length + 1, end);
  const histogram = commaIn(buffer, max + 1, end);
  if (histogram >= end || !decodeInto(times, buffer, histogram + 1, end)) return null;
  times.setExact({ maxUs: Math.round(numberIn(buffer, max + 1, histogram) * 1000) });
  const startSecond = numberIn(buffer, from, length);
  return { series, startSecond, seconds: numberIn(buffer, length + 1, max), times };
};

const MARK = Buffer.from("Tag=");
const COMMA = 44;

const startsWithMark = (bytes: Uint8Array, from: number): boolean =>
  bytes[from] === MARK[0] && bytes[from + 1] === MARK[1] && bytes[from + 2] === MARK[2] && bytes[from + 3] === MARK[3];

/** @returns `end` where there is none */
const commaIn = (bytes: Uint8Array, from: number, end: number): number => {
  let at = from;
  while (at < end && bytes[at] !== COMMA) at += 1;
  return Math.min(at, end);
};

/** Questions to the timeline of a record: an hour's rows are 30 MB of JSON, parsed once for all who ask together. */
import { Answers, type Question, type ReadableRecord } from "./answers.ts";
import { timelineRows } from "./read-run.ts";
import type { TimelineRow } from "./timeline.ts";

export interface RowReader {
  /** Each row, in order. */
  readonly take: (row: TimelineRow) => void;
}

export type TimelineQuestion<Found> = Question<RowReader, Found>;

/** Without keeping an answer. */
export const readRows = (record: ReadableRecord, readers: readonly RowReader[]): void => {
  for (const row of timelineRows(record)) for (const { take } of readers) take(row);
};

export const timelineAnswers = new Answers<RowReader>(readRows);

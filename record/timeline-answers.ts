/** Questions to the timeline of a record: an hour's rows are 30 MB of JSON, parsed once for all who ask together. */
import { Answers, type Question, type ReadableRecord } from "./answers.ts";
import { timelineRows } from "./read-run.ts";
import type { TimelineRow } from "./timeline.ts";

export interface RowReader {
  /** Each row, in order; its operations once more as a list, since to list a hundred names costs as much as to read them. */
  readonly take: (row: TimelineRow, operations: NamedRows) => void;
}

export type NamedRows = readonly (readonly [name: string, row: TimelineRow["operations"][string]])[];

export type TimelineQuestion<Found> = Question<RowReader, Found>;

/** Without keeping an answer. */
export const readRows = (record: ReadableRecord, readers: readonly RowReader[]): void => {
  for (const row of timelineRows(record)) {
    const operations = Object.entries(row.operations);
    for (const { take } of readers) take(row, operations);
  }
};

export const timelineAnswers = new Answers<RowReader>(readRows);

/** The record of one engine, from the rows that the service kept of it. */

import type { EngineOrigin } from "../../record/origin.ts";
import { PartWriter } from "../../record/part-writer.ts";
import type { Sample } from "../../record/sample.ts";
import type { RowFile } from "./engine-files.ts";
import { reasonOfRow } from "./reason-of-row.ts";
import type { Copied } from "./result-source.ts";
import { type ResultRow, readRows } from "./row-reader.ts";
import { originOf, type RunHead } from "./run-head.ts";

/** Of the run's end as the service says it; an engine's clock and its last rows may be later. */
const LATE_SECONDS = 60;

export interface RowsPart {
  readonly origin: EngineOrigin;
  readonly copied: Copied;
  /** Not even a header was in the file. */
  readonly isEmpty: boolean;
}

export interface RowsPartOptions {
  /** Of the part. */
  readonly dir: string;
  /** The part's name. */
  readonly engine: string;
  readonly file: RowFile;
  readonly head: RunHead;
  /** How many engines the run had. */
  readonly engineCount: number;
}

/**
 * Rows have whole milliseconds and one time each: it stands for the service and for the response time. The harness's
 * delay, sessions and the generator's load are not in them.
 */
export const writeRowsPart = async (options: RowsPartOptions): Promise<RowsPart> => {
  const { dir, engine, file, head, engineCount } = options;
  const { testId: _, outcome: _its, ...known } = head;
  const lastSecond = Math.floor(Date.parse(head.endedAt) / 1000) + LATE_SECONDS;
  const writer = new PartWriter(dir, { ...known, part: engine, lastSecond });
  const { rows, broken, hasHeader, ...copied } = await readRows(file.source, (row) => take(row, writer));
  const origin: EngineOrigin = {
    engine,
    source: "rows",
    file: file.source.name,
    rows,
    brokenRows: broken,
    movedRows: writer.moved,
    operations: null,
    difference: 0,
  };
  writer.complete(originOf(head, engineCount, origin));
  return { origin, copied, isEmpty: !hasHeader };
};

const take = (row: ResultRow, writer: PartWriter): void => {
  const { name, endMs, elapsedMs, bytesIn, bytesOut } = row;
  const outcome = row.isOk ? "ok" : reasonOfRow(row);
  const sample: Sample = { name, outcome, endMs, serviceMs: elapsedMs, responseMs: elapsedMs, bytesIn, bytesOut };
  writer.record(sample, Math.floor(endMs / 1000));
  if (!row.isOk && row.message !== "") writer.failure({ name, outcome, detail: row.message });
};

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunRecord, readRun } from "../../../record/read-run.ts";
import type { RunFile } from "../../../record/run-file.ts";
import { contextOf, nothingAround, type ReportContext } from "../../../report/context.ts";
import type { Block, Chart, Section, Table } from "../../../report/document.ts";
import { type LargeRecordOptions, writeLargeRecord } from "../large-record.ts";

/** What the tests of the sections over time look at. */

export const writtenRecord = (options: LargeRecordOptions): RunRecord => {
  const dir = join(mkdtempSync(join(tmpdir(), "sections-")), "run");
  writeLargeRecord(dir, options);
  return readRun(dir);
};

/** The same files, with another head. */
export const withHead = (record: RunRecord, fields: Partial<RunFile>): RunRecord => ({
  ...record,
  file: { ...record.file, ...fields },
});

export const contextWith = (record: RunRecord): ReportContext => contextOf(record, nothingAround(new Date(0)));

/** All blocks of a section, those inside of others too. */
export const blocksOf = (section: Section | null): Block[] => (section?.blocks ?? []).flatMap(deep);

const deep = (block: Block): Block[] => (block.kind === "details" ? [block, ...block.blocks.flatMap(deep)] : [block]);

export const chartsOf = (section: Section | null): Chart[] =>
  blocksOf(section).filter((block): block is Chart => block.kind === "chart");

export const tablesOf = (section: Section | null): Table[] =>
  blocksOf(section).filter((block): block is Table => block.kind === "table");

/** The texts of a table's rows. */
export const cellsOf = (table: Table | undefined): string[][] =>
  (table?.rows ?? []).map((row) =>
    row.map((cell) => {
      const text = typeof cell === "string" ? cell : cell.text;
      return typeof text === "string"
        ? text
        : text.map((span) => (typeof span === "string" ? span : span.text)).join("");
    }),
  );

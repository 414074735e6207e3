/** How long the results of a run at Azure take to become a record, and how much memory, beside a program that only reads them. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BenchError } from "../bench-error.ts";
import type { Workplace } from "../bridge-settings.ts";
import { ROOT } from "../requirements.ts";
import { runProgram } from "../run-generator.ts";
import { type Spread, spreadOf } from "../spread.ts";
import type { RowsReport } from "./measured.ts";
import { writeRowSet } from "./row-set.ts";

export const READERS = {
  record: { title: "swarmbridge", program: "merge-results.ts" },
  "csv-parse": { title: "csv-parse alone", program: "parse-results.ts" },
} as const;
export type Reader = keyof typeof READERS;

export interface ResultsRow {
  readonly rows: number;
  readonly reader: Reader;
  readonly seconds: Spread;
  readonly cpuSeconds: Spread;
  /** CPU time as a multiple of the peer's, within a round. */
  readonly toPeer: Spread;
  readonly peakBytes: number;
}

/** Above what a million rows take on a slow machine that does other things as well. */
const LIMIT_MS = 300_000;

/** @throws {BenchError} GENERATOR_FAILED; COUNT_WRONG when a row was lost */
export const measureResults = async (
  sizes: readonly number[],
  runs: number,
  workplace: Workplace,
): Promise<ResultsRow[]> => {
  const all: ResultsRow[] = [];
  for (const rows of sizes) {
    const folder = join(workplace.folder, `rows-${rows}`);
    mkdirSync(folder);
    const files = writeRowSet(folder, rows);
    const reports: Record<Reader, RowsReport[]> = { record: [], "csv-parse": [] };
    for (let round = 0; round < runs; round += 1) {
      for (const reader of ["record", "csv-parse"] as const) {
        reports[reader].push(await read(reader, { rows, files, folder }));
      }
    }
    rmSync(folder, { recursive: true });
    all.push(rowOf("record", rows, reports), rowOf("csv-parse", rows, reports));
  }
  return all;
};

interface RowSet {
  readonly rows: number;
  readonly files: readonly string[];
  readonly folder: string;
}

const read = async (reader: Reader, { rows, files, folder }: RowSet): Promise<RowsReport> => {
  const runDir = join(folder, "record");
  const report = await runProgram<RowsReport>({
    command: [process.execPath, join(ROOT, "bench", "results", READERS[reader].program), runDir, ...files],
    role: "generator",
    folder,
    env: {},
    limitMs: LIMIT_MS,
  });
  rmSync(runDir, { recursive: true, force: true });
  if (report.rows === rows) return report;
  throw new BenchError("COUNT_WRONG", `${READERS[reader].title} found ${report.rows} of ${rows} rows`);
};

const rowOf = (reader: Reader, rows: number, reports: Readonly<Record<Reader, readonly RowsReport[]>>): ResultsRow => {
  const own = reports[reader];
  return {
    rows,
    reader,
    seconds: spreadOf(own.map(({ seconds }) => seconds)),
    cpuSeconds: spreadOf(own.map(({ cpuSeconds }) => cpuSeconds)),
    toPeer: spreadOf(
      own.map(({ cpuSeconds }, round) => cpuSeconds / (reports["csv-parse"][round]?.cpuSeconds ?? cpuSeconds)),
    ),
    peakBytes: Math.max(...own.map(({ peakBytes }) => peakBytes)),
  };
};

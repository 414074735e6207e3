/**
 * Reads the rows of one engine's CSV, in JMeter's format, as a stream: one row is in memory at a time. A row that is none
 * is counted and passed over; what ends the work is a file that is no such CSV at all.
 */
import { type CsvError, parse } from "csv-parse";
import { AzureError } from "../azure-error.ts";
import type { Copied, ResultSource } from "./result-source.ts";

/** A failure's message is a sentence; what is longer than this was never closed by its quote. */
const LONGEST_ROW = 1_000_000;
/** Longer than any run lasts; a time beyond is none. */
const LONGEST_MS = 24 * 3_600_000;
/** Of a label: names are shown and kept by the thousand. */
const LONGEST_NAME = 500;
const LONGEST_MESSAGE = 2_000;

export interface ResultRow {
  /** The name of the operation. */
  readonly name: string;
  /** Wall clock of the engine, ms since the epoch, when it ended. */
  readonly endMs: number;
  readonly elapsedMs: number;
  readonly isOk: boolean;
  readonly responseCode: string;
  /** `failureMessage` and `responseMessage`, what there is of them. */
  readonly message: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Without these columns nothing can be counted. */
const NEEDED = ["timestamp", "elapsed", "label", "success"] as const;
const KNOWN = [...NEEDED, "responsecode", "responsemessage", "failuremessage", "bytes", "sentbytes"] as const;
type Column = (typeof KNOWN)[number];

export interface RowsRead {
  /** Rows that were counted. */
  readonly rows: number;
  /** Rows that are none: another number of columns than the header has, no time, neither success nor failure. */
  readonly broken: number;
}

/**
 * @param onRow called for each row in the file's order
 * @throws {AzureError} AZURE_RESULTS_BROKEN for a header without the columns that counting needs, and a row without an end
 */
export const readRows = async (source: ResultSource, onRow: (row: ResultRow) => void): Promise<RowsRead & Copied> => {
  let rows = 0;
  let broken = 0;
  let header: Header | null = null;
  let fault: unknown;
  const parser = parse({
    bom: true,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_ROW,
    // Called for each row in turn, where a stream of a million objects would take twice as long.
    on_record: (cells: readonly string[]) => {
      if (header === null) {
        header = headerOf(cells, source.place);
        return null;
      }
      const row = cells.length === header.width ? rowOf(cells, header.columns) : null;
      if (row === null) broken += 1;
      else {
        rows += 1;
        try {
          onRow(row);
        } catch (error) {
          // Of whoever takes the rows, a full disk for one: the file that is read is not to blame.
          fault = error;
          throw error;
        }
      }
      return null;
    },
  });
  // Nothing comes out of it, and nobody would read it.
  parser.resume();
  const copied = await source.copyTo(parser).catch((error: unknown) => {
    if (fault !== undefined) throw fault;
    const { code } = ((error as Error).cause ?? {}) as Partial<CsvError>;
    if (code === "CSV_MAX_RECORD_SIZE") {
      const why = `a row of more than ${LONGEST_ROW / 1e6} MB`;
      throw new AzureError("AZURE_RESULTS_BROKEN", { place: source.place, why }, { cause: error });
    }
    if (code !== "CSV_QUOTE_NOT_CLOSED") throw error;
    // The end of the engine cut its last row.
    broken += 1;
    return { bytes: 0, crc: 0 };
  });
  return { rows, broken, ...copied };
};

interface Header {
  readonly columns: Readonly<Record<Column, number>>;
  readonly width: number;
}

const headerOf = (cells: readonly string[], place: string): Header => {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const columns = Object.fromEntries(KNOWN.map((column) => [column, names.indexOf(column)])) as Record<Column, number>;
  const missing = NEEDED.filter((column) => columns[column] === -1);
  if (missing.length === 0) return { columns, width: cells.length };
  throw new AzureError("AZURE_RESULTS_BROKEN", { place, why: `its first line names no column ${missing.join(", ")}` });
};

const rowOf = (cells: readonly string[], columns: Readonly<Record<Column, number>>): ResultRow | null => {
  const startMs = amountOf(cells[columns.timestamp]);
  const elapsedMs = amountOf(cells[columns.elapsed]);
  const success = cells[columns.success]?.toLowerCase();
  if (startMs === null || elapsedMs === null || elapsedMs > LONGEST_MS) return null;
  if (success !== "true" && success !== "false") return null;
  const isOk = success === "true";
  return {
    name: nameOf(cells[columns.label] ?? ""),
    endMs: startMs + elapsedMs,
    elapsedMs,
    isOk,
    responseCode: isOk ? "" : (cells[columns.responsecode] ?? ""),
    message: isOk ? "" : messageOf(cells[columns.failuremessage], cells[columns.responsemessage]),
    bytesIn: amountOf(cells[columns.bytes]) ?? 0,
    bytesOut: amountOf(cells[columns.sentbytes]) ?? 0,
  };
};

/** A number that is not below zero; null for anything else. */
const amountOf = (cell: string | undefined): number | null => {
  if (cell === undefined || cell === "") return null;
  const value = Number(cell);
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : null;
};

/** An object's key in the record: `__proto__` would be lost as one. */
const nameOf = (label: string): string =>
  label === "" ? "(no name)" : label === "__proto__" ? "(__proto__)" : label.slice(0, LONGEST_NAME);

const messageOf = (...texts: readonly (string | undefined)[]): string =>
  withoutSecrets(
    texts
      .filter((text) => text !== undefined && text !== "" && text !== "null")
      .join(" | ")
      .slice(0, LONGEST_MESSAGE),
  );

/** What the bridge says is clean; other Python code of a test may put an address or a header into its error. */
const withoutSecrets = (text: string): string =>
  text
    .replaceAll(/(\bhttps?:\/\/[^\s?"'<>]{1,500})\?[^\s"'<>]*/gi, "$1?[removed]")
    .replaceAll(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, "$1 [removed]");

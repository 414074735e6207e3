/**
 * Reads the rows of one engine's CSV, in JMeter's format, as a stream: one row is in memory at a time. A row that is none
 * is counted and passed over; what ends the work is a file that is no such CSV at all.
 */
import { Writable } from "node:stream";
import { AzureError } from "../azure-error.ts";
import { CsvLines, type CsvReader } from "./csv-lines.ts";
import type { Copied, ResultSource } from "./result-source.ts";

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
  /**
   * Rows that are none: another number of columns than the header has, no time, neither success nor failure. Of text
   * within a quote that nobody closed each line counts.
   */
  readonly broken: number;
  /** Whether there was a first line at all: an engine that wrote none has not said that it did nothing. */
  readonly hasHeader: boolean;
}

/**
 * @param onRow called for each row in the file's order
 * @throws {AzureError} AZURE_RESULTS_BROKEN for a header without the columns that counting needs
 */
export const readRows = async (source: ResultSource, onRow: (row: ResultRow) => void): Promise<RowsRead & Copied> => {
  let rows = 0;
  let broken = 0;
  let header: Header | null = null;
  let fault: unknown;
  const onCells: CsvReader["onCells"] = (cells, lines) => {
    if (header === null) {
      header = headerOf(cells ?? [], source.place);
      return;
    }
    const row = cells?.length === header.width ? rowOf(cells, header.columns) : null;
    if (row === null) {
      // A quote may have taken whole rows into one.
      broken += lines;
      return;
    }
    rows += 1;
    try {
      onRow(row);
    } catch (error) {
      // Of whoever takes the rows, a full disk for one: the file that is read is not to blame.
      fault = error;
      throw error;
    }
  };
  const lines = new CsvLines({
    onCells,
    isStart: (line) => header?.columns.timestamp === 0 && ROW_START.test(line),
    isWidth: (cells) => cells === header?.width,
  });
  // Takes a mark of the byte order off, too.
  const decoder = new TextDecoder();
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => attempt(() => lines.push(decoder.decode(chunk, { stream: true })), done),
    final: (done) =>
      attempt(() => {
        lines.push(decoder.decode());
        lines.end();
      }, done),
  });
  const copied = await source.copyTo(sink).catch((error: unknown) => {
    throw fault ?? error;
  });
  return { rows, broken, hasHeader: header !== null, ...copied };
};

/** Milliseconds of this century, in the first column. */
const ROW_START = /^\d{13},/;

/** What a stream does with an error. */
const attempt = (work: () => void, done: (error?: Error | null) => void): void => {
  try {
    work();
    done();
  } catch (error) {
    done(error as Error);
  }
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

/** A number written in digits, maybe with a fraction; null for anything else. */
const amountOf = (cell: string | undefined): number | null => {
  if (cell === undefined || !/^\d+(?:\.\d+)?$/.test(cell)) return null;
  const value = Number(cell);
  return value <= Number.MAX_SAFE_INTEGER ? value : null;
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

/** Reads the history that another probe exported: CSV with a head, JSON, or one JSON object a line. All of it or nothing. */

import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { hasNeededFields, probeOf, type Row } from "./import-fields.ts";
import type { Probe } from "./probe.ts";

export type Imported = { readonly probes: readonly Probe[] } | { readonly faults: readonly string[] };

/** Bytes of a file that is taken. */
export const LARGEST_IMPORT = 32 * 1024 * 1024;
/** Written as a history they take less than one may (32 MiB): some 95 bytes each. Seven months of a probe a minute. */
export const MOST_IMPORTED = 300_000;
const TOO_MANY = "it has more than 300,000 probes: import it in parts";
const MOST_FAULTS = 10;
/** Where an export may keep its list. */
const LISTS = ["probes", "history", "checks", "results", "data", "items", "points"] as const;

/** A row with the place that a fault is told of. */
interface Placed {
  readonly place: string;
  readonly row: unknown;
}

export const importHistory = (text: string): Imported => {
  const rows = rowsOf(text.replace(/^\ufeff/, ""));
  if (typeof rows === "string") return { faults: [rows] };
  if (rows.length > MOST_IMPORTED) return { faults: [TOO_MANY] };
  const probes: Probe[] = [];
  const faults: string[] = [];
  for (const { place, row } of rows) {
    const probe = isRow(row) ? probeOf(row) : "is no object";
    if (typeof probe === "string") faults.push(`${place} ${probe}`);
    else probes.push(probe);
  }
  if (faults.length > MOST_FAULTS) faults.splice(MOST_FAULTS, faults.length, `and ${faults.length - MOST_FAULTS} more`);
  if (faults.length > 0) return { faults };
  return probes.length === 0 ? { faults: ["there is no probe in it"] } : { probes };
};

const rowsOf = (text: string): readonly Placed[] | string => {
  const start = text.trimStart()[0];
  if (start !== "{" && start !== "[") return csvRows(text);
  try {
    return listed(JSON.parse(text));
  } catch {
    return lineRows(text); // Not one JSON value: perhaps one a line.
  }
};

const listed = (value: unknown): readonly Placed[] | string => {
  const list = isRow(value) ? LISTS.map((name) => value[name]).find(Array.isArray) : value;
  if (Array.isArray(list)) return list.map((row, index) => ({ place: `entry ${index + 1}`, row }));
  if (isRow(value)) return [{ place: "line 1", row: value }];
  return `it is JSON without a list of probes: an array, or one under ${LISTS.join(", ")}`;
};

const lineRows = (text: string): readonly Placed[] | string => {
  const rows: Placed[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      rows.push({ place: `line ${index + 1}`, row: JSON.parse(line) });
    } catch {
      return `line ${index + 1} is not JSON`;
    }
  }
  return rows;
};

const csvRows = (text: string): readonly Placed[] | string => {
  const lines = csvLines(text);
  if (typeof lines === "string") return lines;
  const [head, ...rest] = lines;
  if (head === undefined || !hasNeededFields(head.cells)) {
    return "line 1 names no column for the time and one for the latency, such as timestamp and latency_ms";
  }
  const short = rest.find(({ cells }) => cells.length !== head.cells.length);
  if (short !== undefined) {
    return `line ${short.number} has ${short.cells.length} cells, and the head ${head.cells.length}`;
  }
  return rest.map(({ number, cells }) => ({
    place: `line ${number}`,
    row: Object.fromEntries(head.cells.map((name, index) => [name, cells[index]])),
  }));
};

interface CsvLine {
  readonly number: number;
  readonly cells: readonly string[];
}

/** RFC 4180, with `,`, `;` or a tab, as the head has it. No further than it takes to see that there are too many. */
const csvLines = (text: string): readonly CsvLine[] | string => {
  const headEnd = text.indexOf("\n");
  const head = headEnd === -1 ? text : text.slice(0, headEnd);
  const delimiter = [",", ";", "\t"].find((each) => head.includes(each)) ?? ",";
  const lines: CsvLine[] = [];
  try {
    parse(text, {
      ...{ delimiter, trim: true, to: MOST_IMPORTED + 2 },
      ...{ relax_column_count: true, relax_quotes: true, skip_empty_lines: true },
      on_record: (cells: readonly string[], { lines: number }) => {
        lines.push({ number, cells });
        return null;
      },
    });
    return lines;
  } catch (error) {
    if (error instanceof CsvError && error.code === "CSV_QUOTE_NOT_CLOSED")
      return `line ${error.lines} has a quote that does not end`;
    if (error instanceof CsvError) return `it is no CSV (${error.code})`;
    throw error;
  }
};

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Rows of comma-separated values that every reader takes, and in which no text becomes a formula: names come from servers,
 * and spreadsheets run what begins with `=`.
 * @see RFC 4180, and OWASP, CSV Injection
 */
import { printable } from "../../record/text-table.ts";

/** null is an empty cell: nothing was measured. */
export type CsvValue = string | number | null;

const FORMULA = /^\s*[=+\-@＝＋－＠|%]/u;

/** One row with its line end. Numbers are written in full, with a point. */
export const csvRow = (values: readonly CsvValue[]): string => `${values.map(cell).join(",")}\r\n`;

const cell = (value: CsvValue): string => {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const shown = printable(value);
  // An apostrophe makes it a text for spreadsheets; other readers see it, which is better than a program that was run.
  const harmless = FORMULA.test(shown) ? `'${shown}` : shown;
  return /[",\s']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** Finds the number of bytes in what a source says. Pure; sources are somebody else's and may say anything. */
import { readSeries } from "../../config/metric-series.ts";
import { SourceError } from "./source-error.ts";

/** The value at a JSON pointer (RFC 6901). */
export const jsonValue = (text: string, pointer: string): number => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SourceError("the page is not JSON", { cause });
  }
  for (const token of pointer.split("/").slice(1)) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    if (!isThere) throw new SourceError("the pointer leads nowhere");
    value = (value as Record<string, unknown>)[key];
  }
  return bytesOf(value);
};

/** Of a metric with more series the sum would hold the event loop up for longer than a call takes. */
const MOST_SERIES = 2_000;
/** A series has few labels; a longer line is none. */
const LONGEST_LINE = 8_192;

/**
 * The sum of the series of a metric.
 * @param metric its name, and in braces the labels that a series must have
 */
export const prometheusValue = (text: string, metric: string): number => {
  const wanted = readSeries(metric);
  let [sum, series] = [0, 0];
  for (const line of linesOf(text, wanted?.name ?? metric)) {
    const theirs = readSeries(line);
    const value = VALUE.exec(theirs?.rest ?? "")?.[1];
    if (value === undefined || wanted === null || theirs?.name !== wanted.name) continue;
    if (![...wanted.labels].every(([label, text]) => theirs.labels.get(label) === text)) continue;
    sum += bytesOf(value);
    series += 1;
  }
  if (series === 0) throw new SourceError("the page has no such metric");
  return sum;
};

/** Those that begin with this name: the others are passed over without being made. */
function* linesOf(text: string, name: string): Generator<string> {
  let count = 0;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at)) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const isWhole = (at === 0 || text[at - 1] === "\n") && !IN_NAME.test(text[at + name.length] ?? "");
    if (isWhole && end - at <= LONGEST_LINE) {
      count += 1;
      if (count > MOST_SERIES) throw new SourceError(`the metric has more than ${MOST_SERIES} series`);
      yield text.slice(at, end);
    }
    at = end;
  }
}

const IN_NAME = /[\w:]/;

/** What stands behind a series: the value, perhaps a time. */
const VALUE = /^\s+(\S+)(?:\s+-?[\d.]+)?\s*$/;

/** @param key the line's name; null for a text that is one number */
export const textValue = (text: string, key: string | null): number => {
  if (key === null) return bytesOf(text);
  const line = text
    .split("\n")
    .find((each) => each.trim().startsWith(key) && SEPARATED.test(each.trim().slice(key.length)));
  if (line === undefined) throw new SourceError("the file has no such line");
  return bytesOf(line.trim().slice(key.length).replace(SEPARATED, ""));
};

const SEPARATED = /^\s*[=:]\s*|^\s+/;

/** `1234`, `1.5e8`, or as the kernel writes it, `1234 kB`. */
const bytesOf = (value: unknown): number => {
  if (typeof value !== "number" && typeof value !== "string") throw new SourceError(NO_NUMBER);
  const [, number = "", unit = ""] = AMOUNT.exec(String(value).trim()) ?? [];
  if (number === "") throw new SourceError(NO_NUMBER);
  return Number(number) * (unit === "" ? 1 : KIB);
};

const AMOUNT = /^(\d+(?:\.\d*)?(?:e[+-]?\d{1,2})?)\s*(kB)?$/i;
const KIB = 1024;
const NO_NUMBER = "there is no number of bytes";

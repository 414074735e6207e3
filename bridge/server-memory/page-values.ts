/** Finds the number of bytes in what a source says. Pure; sources are somebody else's and may say anything. */
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

/**
 * The sum of the series of a metric.
 * @param metric its name, and in braces the labels that a series must have
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/ (text-based format)
 */
export const prometheusValue = (text: string, metric: string): number => {
  const [name = "", labels = ""] = metric.split("{");
  const wanted = labels.match(/\w+="[^"]*"/g) ?? [];
  let [sum, series] = [0, 0];
  for (const line of text.split("\n")) {
    if (!line.startsWith(name)) continue;
    const [, theirs = "", value = ""] = SERIES.exec(line.slice(name.length)) ?? [];
    if (value === "" || !wanted.every((label) => theirs.includes(label))) continue;
    sum += bytesOf(value);
    series += 1;
  }
  if (series === 0) throw new SourceError("the page has no such metric");
  return sum;
};

/** What stands behind a metric's name: labels, the value, perhaps a time. */
const SERIES = /^(\{.*\})?\s+(\S+)(?:\s+-?\d+)?\s*$/;

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

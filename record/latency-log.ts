/**
 * The lines of `latency.hlog`: HdrHistogram's log format 1.3, one interval histogram a line, tagged with name, outcome
 * and kind of time. Knows text, not files.
 */
import { decodeTimes, encodeTimes } from "./hdr-encoding.ts";
import { isOutcome, type Outcome } from "./reason.ts";
import type { Times } from "./times.ts";

/** The times kept for every name and outcome. What each means: docs/measurement.md. */
export const KINDS = ["service", "response", "headers", "first-event", "connect"] as const;
export type Kind = (typeof KINDS)[number];

/** Both halves of what the harness itself added. Kept for the run, not by name. */
export const HALVES = ["before", "after"] as const;
export type Half = (typeof HALVES)[number];

/**
 * What a histogram is of. `isMoved` lines hold values to take back: their operations got another outcome after the line
 * that counted them was on disk, and the format has no negative counts.
 */
export type Series =
  | { readonly name: string; readonly outcome: Outcome; readonly kind: Kind; readonly isMoved?: boolean }
  | { readonly half: Half };

const HARNESS = "harness-delay";

/** Commas and spaces end a tag for some readers, `;` separates our fields. */
const escaped = (name: string): string =>
  NEEDS_NO_ESCAPE.test(name)
    ? name
    : encodeURIComponent(name.toWellFormed()).replaceAll("%3A", ":").replaceAll("%2F", "/");

const NEEDS_NO_ESCAPE = /^[\w:/.-]*$/;

const unescaped = (text: string): string | null => {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not a tag of ours.
    return null;
  }
};

export const tagOf = (series: Series): string =>
  "half" in series
    ? `${HARNESS};${series.half}`
    : `${escaped(series.name)};${series.outcome};${series.kind}${series.isMoved ? ";moved" : ""}`;

export const seriesOf = (tag: string): Series | null => {
  const [head = "", second = "", kind, moved] = tag.split(";");
  if (kind === undefined) {
    const half = HALVES.find((known) => known === second);
    return head === HARNESS && half !== undefined ? { half } : null;
  }
  const name = unescaped(head);
  const known = KINDS.find((each) => each === kind);
  if (name === null || known === undefined || !isOutcome(second)) return null;
  return { name, outcome: second, kind: known, isMoved: moved === "moved" };
};

/**
 * Head of a log. Timestamps of its lines are absolute (seconds since the epoch), so lines of several logs of one run can stand in one file.
 * @param startMs wall clock; not later than the first interval, or Python's reader takes the timestamps for relative
 */
export const logHead = (startMs: number): string =>
  [
    "#[Histogram log format version 1.3]",
    "#[Values in microseconds; Tag=name;outcome;kind, percent-encoded; Interval_Max in milliseconds, exact]",
    `#[StartTime: ${(Math.floor(startMs / 1000) - 1).toFixed(3)} (seconds since epoch), ${new Date(startMs).toISOString()}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    "",
  ].join("\n");

/** When the run started, from the line of a log's head that says so. @returns ms since the epoch; null for any other line */
export const startInHead = (line: string): number | null => {
  const ms = line.startsWith("#[StartTime:")
    ? Date.parse(line.slice(line.indexOf(",") + 1, line.indexOf("]")).trim())
    : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
};

/** One interval of a log. Seconds of the wall clock. */
export interface LogLine {
  readonly series: Series;
  readonly startSecond: number;
  readonly seconds: number;
  readonly times: Times;
}

export const lineOf = ({ series, startSecond, seconds, times }: LogLine): string =>
  `Tag=${tagOf(series)},${startSecond.toFixed(3)},${seconds.toFixed(3)},${(times.maxUs / 1000).toFixed(3)},${encodeTimes(times)}\n`;

/** What a line is of, without decoding its histogram. @returns null for what is no line of ours */
export const seriesOfLine = (line: string): Series | null =>
  line.startsWith("Tag=") ? seriesOf(line.slice(4, Math.max(4, line.indexOf(",")))) : null;

/** @returns null for comments, the legend, lines of others and torn lines; `isLogComment` tells them apart */
export const parseLine = (line: string): LogLine | null => {
  const [tag = "", start = "", length = "", max = "", base64 = ""] = line.split(",");
  if (!tag.startsWith("Tag=")) return null;
  const series = seriesOf(tag.slice(4));
  const times = decodeTimes(base64);
  if (series === null || times === null) return null;
  times.setExact({ maxUs: Math.round(Number(max) * 1000) });
  return { series, startSecond: Number(start), seconds: Number(length), times };
};

export const isLogComment = (line: string): boolean => line === "" || line.startsWith("#") || line.startsWith('"');

/** How a server fared minute by minute, in a run of several: one line, and what rose or fell for sure. */
import { countText, msText, percentText } from "./duration-text.ts";
import { median } from "./median.ts";
import { indented, type Page } from "./page.ts";
import type { RunRecord } from "./read-run.ts";
import { fullSeconds, type ServerSecond, serverSeconds, workOf } from "./server-seconds.ts";
import { printable } from "./text-table.ts";
import { slopeOf } from "./trend.ts";

/** A shorter run has no trend, whatever its figures do. */
const FEWEST_MINUTES = 3;
/** Minutes that are shown; of more, evenly chosen ones with the first and the last. */
const MOST_SHOWN = 6;
/** A trend is called out when its whole interval says so, over this many minutes at full load, and it makes a difference. */
const FEWEST_FOR_TREND = 6;
const LEAST_CHANGE = 0.25;
const LEAST_MS = 1;
const LEAST_ERROR_SHARE = 0.005;
/** Of half a minute the figures are worth a column. */
const FEWEST_SECONDS = 30;

/** One minute of a run. A figure is the median of what its seconds show, failures are exact. */
export interface Minute {
  readonly minute: number;
  readonly count: number;
  readonly failures: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** @returns nothing for a run of less than three minutes, the last of which may be half a one */
export const trendLines = (server: string, record: RunRecord, { columns, paint }: Page): string[] => {
  const seconds = serverSeconds(record, server);
  const minutes = minutesOf(seconds);
  if (minutes.length < FEWEST_MINUTES) return [];
  const work = printable((workOf(record, server) ?? "").slice(server.length + 1));
  const shown = chosen(minutes);
  const failures = minutes.some((each) => each.failures > 0)
    ? `failures ${shown.map((each) => percentText(each.failures, each.count)).join(" ")}`
    : "no failures";
  const text = `minutes ${shown.map(({ minute }) => countText(minute + 1)).join(" ")} of ${work}: p50 ${shown
    .map(({ p50Ms }) => msText(p50Ms))
    .join(" ")}, p99 ${shown.map(({ p99Ms }) => msText(p99Ms)).join(" ")} ms, ${failures}`;
  return [
    ...indented(text, columns).map((line) => paint("dim", line)),
    ...trendsOf(minutesOf(fullSeconds(seconds))).flatMap((each) =>
      indented(each, columns).map((line) => paint("yellow", line)),
    ),
  ];
};

/** Minutes of which at least half has rows, and that had answers. */
export const minutesOf = (seconds: readonly ServerSecond[]): Minute[] => {
  const byMinute = Map.groupBy(seconds, ({ second }) => Math.floor(second / 60));
  return [...byMinute].flatMap(([minute, rows]) => {
    const answered = rows.filter(({ p50Ms }) => p50Ms !== undefined);
    if (rows.length < FEWEST_SECONDS || answered.length === 0) return [];
    return {
      minute,
      count: rows.reduce((sum, { count }) => sum + count, 0),
      failures: rows.reduce((sum, { failures }) => sum + failures, 0),
      p50Ms: median(answered.map(({ p50Ms = 0 }) => p50Ms)),
      p99Ms: median(answered.map(({ p99Ms = 0 }) => p99Ms)),
    };
  });
};

const chosen = (minutes: readonly Minute[]): Minute[] => {
  const count = Math.min(MOST_SHOWN, minutes.length);
  return Array.from({ length: count }, (_, index) => Math.round((index * (minutes.length - 1)) / (count - 1))).flatMap(
    (index) => minutes[index] ?? [],
  );
};

interface Figure {
  readonly name: string;
  readonly of: (minute: Minute) => number;
  /** Smaller changes over the run are nobody's business. */
  readonly least: number;
  readonly text: (value: number) => string;
}

const msOf = (value: number): string => `${msText(Math.abs(value))} ms`;
const shareOf = (value: number): string => `${(100 * Math.abs(value)).toFixed(2)} points`;

const FIGURES: readonly Figure[] = [
  { name: "p50", of: ({ p50Ms }) => p50Ms, least: LEAST_MS, text: msOf },
  { name: "p99", of: ({ p99Ms }) => p99Ms, least: LEAST_MS, text: msOf },
  {
    name: "the share of failures",
    of: ({ failures, count }) => failures / Math.max(1, count),
    least: LEAST_ERROR_SHARE,
    text: shareOf,
  },
];

/** One sentence for each figure that went up or down over the minutes at full load, beyond what chance does. */
export const trendsOf = (minutes: readonly Minute[]): string[] => {
  if (minutes.length < FEWEST_FOR_TREND) return [];
  return FIGURES.flatMap(({ name, of, least, text }) => {
    const found = slopeOf(minutes.map((each) => ({ x: each.minute, y: of(each) })));
    if (found === null || found.low * found.high <= 0) return [];
    const change = Math.abs(found.slope) * (minutes.length - 1);
    if (change < Math.max(least, LEAST_CHANGE * median(minutes.map(of)))) return [];
    const [from, to] = found.slope > 0 ? [found.low, found.high] : [found.high, found.low];
    const direction = found.slope > 0 ? "rises" : "falls";
    return `trend: ${name} ${direction} by ${text(found.slope)} a minute (95% ${text(from)} to ${text(to)})`;
  });
};

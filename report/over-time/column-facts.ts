/** What is worth saying of a column: its peak and when that was, its mean, whether it rises or falls for sure. */
import { durationText } from "../../record/duration-text.ts";
import { median } from "../../record/median.ts";
import { slopeOf } from "../../record/trend.ts";
import type { TimeSlots } from "./time-slots.ts";
import type { Column } from "./timeline-columns.ts";

export interface Peak {
  readonly value: number;
  /** Since the start of the run. */
  readonly second: number;
}

/** @returns null for a column without any value */
export const peakOf = (column: Column, slots: TimeSlots): Peak | null => {
  let peak: Peak | null = null;
  for (const [slot, value] of column.entries()) {
    if (value !== null && (peak === null || value > peak.value)) peak = { value, second: slot * slots.widthSeconds };
  }
  return peak;
};

/** `2 min 05 s after the start`. */
export const whenText = ({ second }: Peak): string =>
  second === 0 ? "at the start" : `${durationText(second * 1000)} after the start`;

/** @returns null for a column without any value */
export const meanOf = (column: Column): number | null => {
  const values = column.filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
};

/** Fewer minutes have no trend, whatever their figures do. */
const FEWEST_MINUTES = 3;
/** A smaller change over the run, as a share of the middle value, is nobody's business. */
const LEAST_CHANGE = 0.1;

/** `it rises by 3 MB a minute (95% 2 MB to 4 MB)`, or that there is no clear trend; nothing for a short run. */
export const trendText = (column: Column, slots: TimeSlots, text: (value: number) => string): string | null => {
  const points = column.flatMap((y, slot) => (y === null ? [] : { x: (slot * slots.widthSeconds) / 60, y }));
  const minutes = (points.at(-1)?.x ?? 0) - (points[0]?.x ?? 0);
  const found = minutes < FEWEST_MINUTES ? null : slopeOf(points);
  if (found === null) return null;
  const change = Math.abs(found.slope) * minutes;
  const isSure = found.low * found.high > 0;
  if (!isSure || change < LEAST_CHANGE * Math.abs(median(points.map(({ y }) => y)))) return "there is no clear trend";
  const [near, far] = [
    Math.min(Math.abs(found.low), Math.abs(found.high)),
    Math.max(Math.abs(found.low), Math.abs(found.high)),
  ];
  const verb = found.slope > 0 ? "rises" : "falls";
  const interval = text(near) === text(far) ? "" : ` (95% ${text(near)} to ${text(far)})`;
  return `it ${verb} by ${text(Math.abs(found.slope))} a minute${interval}`;
};

/** With as many digits as a picture can show: thousands of values are part of the page. */
export const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(3)));

/** What ended in each slot, per second; null where no second of the slot has a row. */
export const perSecond = (counts: readonly number[], rows: readonly number[]): Column =>
  counts.map((count, slot) => {
    const seconds = rows[slot] ?? 0;
    return seconds === 0 ? null : rounded(count / seconds);
  });

/** Sentences of which some may be missing, as one text. */
export const sentences = (...parts: readonly (string | null)[]): string =>
  parts
    .flatMap((part) => (part === null || part === "" ? [] : `${part.slice(0, 1).toUpperCase()}${part.slice(1)}.`))
    .join(" ");

export const sumOf = (column: readonly number[]): number => column.reduce((sum, value) => sum + value, 0);

/** Values of an axis as people read them: on its ticks, in a tooltip, in a table. */
import type { Axis } from "../../document.ts";

type Unit = Axis["unit"];

/**
 * @param span how far the axis reaches; times of a short run are written in seconds, of a longer one as `1:30`
 * @param step between two values, seconds: where it is no whole minute, times of hours have their seconds, too
 */
export const axisText = (value: number, unit: Unit, span = 0, step = 60): string => WRITE[unit](value, span, step);

const WRITE: Readonly<Record<Unit, (value: number, span: number, step: number) => string>> = {
  seconds: (value, span, step) => (span <= 120 ? `${digits(value)} s` : clock(value, span, step)),
  ms: (value) => (Math.abs(value) >= 1000 ? `${digits(value / 1000)} s` : `${digits(value)} ms`),
  count: (value) => digits(value),
  percent: (value) => `${digits(value)}%`,
  bytes: (value) => bytesText(value),
  perSecond: (value) => `${digits(value)}/s`,
  none: (value) => digits(value),
};

/** Three that count; whole numbers whole. */
const digits = (value: number): string =>
  Number.isInteger(value) || Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(3)));

/** `1:05` are minutes and seconds, `2:05 h` are hours and minutes, and `2:05:30 h` has all three. */
const clock = (value: number, span: number, step: number): string => {
  const minutes = Math.floor(value / 60);
  const two = (part: number): string => String(Math.floor(part)).padStart(2, "0");
  if (span < 7200) return `${minutes}:${two(value % 60)}`;
  const seconds = step % 60 === 0 ? "" : `:${two(value % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}${seconds} h`;
};

const SIZES = ["B", "kB", "MB", "GB", "TB"] as const;

const bytesText = (value: number): string => {
  if (value === 0) return "0 B";
  const power = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Math.log10(Math.abs(value)) / 3)));
  return `${digits(value / 1000 ** power)} ${SIZES[power]}`;
};

/** Seconds between ticks, so that they fall on what a clock shows. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400] as const;

/** @param most ticks that there is room for */
export const secondsStep = (span: number, most: number): number =>
  STEPS.find((step) => span / step <= most) ?? Math.ceil(span / most / 86_400) * 86_400;

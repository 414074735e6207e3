/** A recording of one interval as lines of `latency.hlog`. */
import { HALVES, lineOf, type Series } from "./latency-log.ts";
import type { Recording } from "./recording.ts";
import type { Times } from "./times.ts";

/** @param startSecond of the wall clock @returns nothing for no times */
export const intervalLine = (series: Series, times: Times, startSecond: number, seconds: number): string =>
  times.count === 0 ? "" : lineOf({ series, times, startSecond, seconds });

/** All that `recording` has times of. */
export const intervalLines = (recording: Recording, startSecond: number, seconds: number): string => {
  let text = "";
  for (const { times, ...series } of recording.series()) text += intervalLine(series, times, startSecond, seconds);
  for (const half of HALVES) text += intervalLine({ half }, recording.half(half), startSecond, seconds);
  return text;
};

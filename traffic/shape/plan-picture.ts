/** Users over time as lines of text: a filled curve with its axes. No colours, no terminal. */

import { peakUsers, type Segment, shownTime, usersAt } from "./stage.ts";

const EIGHTHS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const MOST_COLUMNS = 80;
/** The curve; the axis below it takes two more. */
const ROWS = 8;
/** Of one column: nothing that is shorter than it may vanish, so its highest moment counts. */
const LOOKS = 8;

/** @param part `curve` is what a terminal may colour; the rest are the axes */
export type PictureLine = { readonly before: string; readonly curve: string };

/**
 * @param lengthMs of the whole run: pictures of several scenarios stand below each other
 * @param columns of the terminal
 */
export const pictureLines = (segments: readonly Segment[], lengthMs: number, columns: number): PictureLine[] => {
  const peak = peakUsers(segments);
  const label = String(peak).length;
  const width = Math.max(8, Math.min(MOST_COLUMNS, columns) - label - 4);
  const heights = Array.from({ length: width }, (_, column) =>
    highest(segments, { fromMs: (lengthMs * column) / width, toMs: (lengthMs * (column + 1)) / width }),
  ).map((users) => eighths(users, peak));
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const below = (ROWS - 1 - index) * 8;
    const curve = heights
      .map((height) => EIGHTHS[Math.max(0, Math.min(8, height - below))])
      .join("")
      .trimEnd();
    const mark = index === 0 ? String(peak) : index === ROWS / 2 ? halfText(peak) : "";
    return { before: `  ${mark.padStart(label)} ${mark === "" ? "│" : "┤"}`, curve };
  });
  return [
    ...rows,
    { before: `  ${"0".padStart(label)} └${axis(width)}`, curve: "" },
    { before: `  ${" ".repeat(label)}  ${timeLabels(lengthMs, width)}`, curve: "" },
  ];
};

/** At least one eighth for whoever is there. */
const eighths = (users: number, peak: number): number =>
  users <= 0 ? 0 : Math.max(1, Math.round((users / peak) * ROWS * 8));

const highest = (
  segments: readonly Segment[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
) => {
  const looks = Array.from({ length: LOOKS }, (_, index) => fromMs + ((toMs - fromMs) * (index + 0.5)) / LOOKS);
  const inside = segments.filter((segment) => segment.fromMs >= fromMs && segment.fromMs < toMs);
  return Math.max(...looks.map((ms) => usersAt(segments, ms)), ...inside.map(({ fromUsers }) => fromUsers));
};

/** Only when it is a whole number: a mark that is not where it says is worse than none. */
const halfText = (peak: number): string => (peak % 2 === 0 ? String(peak / 2) : "");

const QUARTERS = 4;

const axis = (width: number): string =>
  Array.from({ length: width }, (_, column) => (isQuarter(column, width) ? "┬" : "─")).join("");

const isQuarter = (column: number, width: number): boolean =>
  Array.from({ length: QUARTERS }, (_, quarter) => Math.round((width * quarter) / QUARTERS)).includes(column);

/** The end is always said; of the others those that have a blank on both sides. */
const timeLabels = (lengthMs: number, width: number): string => {
  const end = shownTime(lengthMs);
  let line = shownTime(0);
  for (let quarter = 1; quarter < QUARTERS; quarter++) {
    const label = shownTime((lengthMs * quarter) / QUARTERS);
    const at = Math.round((width * quarter) / QUARTERS);
    if (at > line.length && at + label.length < width - end.length) line = line.padEnd(at) + label;
  }
  return line.padEnd(width - end.length) + end;
};

/** p99 against the session count as characters: ASCII, for any terminal. */

import { msText } from "../../record/duration-text.ts";
import type { Picture } from "./picture.ts";

const ROWS = 12;

/** @param columns of a line @returns lines; none where there is nothing to draw */
export const terminalPlot = ({ points, limitMs, unit }: Picture, columns: number): string[] => {
  if (points.length === 0) return [];
  const topMs = Math.max(limitMs * 1.1, ...points.map(({ p99Ms }) => p99Ms));
  const labels = [msText(topMs), msText(limitMs)].map((text) => `${text} ms`);
  const left = Math.max(...labels.map((label) => label.length)) + 1;
  const width = Math.max(10, Math.min(columns, 80) - left - 2);
  const rowOf = (ms: number): number => Math.max(0, ROWS - 1 - Math.floor((ms / topMs) * (ROWS - 1)));
  const last = points.at(-1)?.at ?? 1;
  const columnOf = (at: number): number => Math.min(width - 1, Math.round((at / last) * (width - 1)));
  const rows = Array.from({ length: ROWS }, () => new Array<string>(width).fill(" "));
  rows[rowOf(limitMs)]?.fill("-");
  for (const { at, p99Ms, isBroken } of points) {
    const row = rows[rowOf(p99Ms)];
    if (row !== undefined) row[columnOf(at)] = isBroken ? "x" : "o";
  }
  const labelAt = new Map([
    [0, labels[0]],
    [rowOf(limitMs), labels[1]],
    [ROWS - 1, "0 ms"],
  ]);
  return [
    ...rows.map((row, index) => `${(labelAt.get(index) ?? "").padStart(left)} |${row.join("")}`.trimEnd()),
    `${" ".repeat(left)} +${"-".repeat(width)}`,
    `${" ".repeat(left + 2)}${axis(points, columnOf, width)}`,
    `${" ".repeat(left + 2)}${unit}; o within the limits, x not, --- the limit of p99`,
  ];
};

/** Counts below their points, as far as there is room. */
const axis = (points: Picture["points"], columnOf: (at: number) => number, width: number): string => {
  let line = "";
  for (const { at } of points) {
    const text = String(at);
    const from = Math.min(width - text.length, columnOf(at));
    if (line === "" || from > line.length) line = line.padEnd(from) + text;
  }
  return line;
};

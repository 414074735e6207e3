/** How a history reads, wherever it is written. Plain text. */
import { changeText, valueText } from "../compare/compare-words.ts";
import { RULES } from "../compare/quantity.ts";
import type { History } from "./history.ts";
import { FEWEST_BEFORE } from "./latest-in-row.ts";

/** `learn:tools/call:search, p95 in ms`; `all operations, throughput a second`. */
export const historyTitle = ({ name, quantity }: History): string => {
  const { title, unit } = RULES[quantity];
  const of = { ms: " in ms", "/s": " a second", "%": " in %" }[unit];
  return `${name ?? "all operations"}, ${title}${of}`;
};

/** One or two sentences without a full stop at the end: where the latest lies in its row, and where the row goes. */
export const latestText = ({ quantity, latest, points }: History): string => {
  const last = points.at(-1);
  if (latest === null || last?.value == null)
    return `the latest run does not count: ${last?.leftOut ?? "no such figure"}`;
  const { told, before, medianBefore, usual, drift } = latest;
  const text = (value: number): string => valueText(quantity, value);
  const value = text(last.value);
  if (usual === null) {
    return `the latest, ${value}, cannot be judged: ${before} ${before === 1 ? "run" : "runs"} before it, ${FEWEST_BEFORE} are needed`;
  }
  const row = `the ${before} before it have a median of ${text(medianBefore)}, and ${text(usual.low)} to ${text(usual.high)} is usual`;
  return `the latest, ${value}, is ${told}: ${row}${drift === null ? "" : `. The row moves by ${changeText(quantity, drift)} a run`}`;
};

export const isWorse = ({ quantity, latest }: History): boolean =>
  latest?.told === (RULES[quantity].worse === "higher" ? "above its row" : "below its row");

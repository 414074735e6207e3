/** One figure of one name over the runs of a row, and whether the latest is what the others let expect. */
import { generatorVerdict } from "../../record/generator-verdict.ts";
import { awaitedKind, plannedServers } from "../../record/planned-starts.ts";
import type { RunFile } from "../../record/run-file.ts";
import { runMs } from "../../record/run-length.ts";
import type { Quantity } from "../compare/quantity.ts";
import { type LatestInRow, latestInRow } from "./latest-in-row.ts";

export interface HistoryPoint {
  readonly id: string;
  readonly startedAt: string;
  /** null: the run has no such figure. */
  readonly value: number | null;
  /** Why it does not count; null: it does. */
  readonly leftOut: string | null;
}

export interface History {
  /** null: all operations together. */
  readonly name: string | null;
  readonly quantity: Quantity;
  /** The oldest first. */
  readonly points: readonly HistoryPoint[];
  /** null where the latest run does not count. */
  readonly latest: LatestInRow | null;
}

/** What can be said of all operations together: percentiles of several names are in no head, and cannot be averaged. */
export const OVERALL_QUANTITIES = ["throughput", "errorPercent"] as const satisfies readonly Quantity[];

/** @param files of one row (same-load.ts), the oldest first */
export const historyOf = (files: readonly RunFile[], name: string | null, quantity: Quantity): History => {
  const points = files.map((file): HistoryPoint => {
    const value = figureIn(file, name, quantity);
    return { id: file.id, startedAt: file.startedAt, value, leftOut: leftOutFor(file, value) };
  });
  const counted = points.flatMap(({ value, leftOut }) => (value === null || leftOut !== null ? [] : [value]));
  const last = files.at(-1);
  return {
    name,
    quantity,
    points,
    latest:
      last === undefined || points.at(-1)?.leftOut !== null
        ? null
        : latestInRow(counted, quantity, quantity === "errorPercent" ? errorPointsOf(countsIn(last, name)) : 0),
  };
};

/** Cut off by a kill, or a measure of the generator and not of the server. */
const leftOutFor = (file: RunFile, value: number | null): string | null => {
  if (file.state !== "complete") return "not complete";
  if (generatorVerdict(file).level === "saturated") return "generator saturated";
  return value === null ? "no such figure" : null;
};

const figureIn = (file: RunFile, name: string | null, quantity: Quantity): number | null => {
  const { count, failures } = countsIn(file, name);
  if (count === 0) return null;
  if (quantity === "throughput") return (1000 * count) / runMs(file);
  if (quantity === "errorPercent") return (100 * failures) / count;
  const times = name === null ? undefined : okTimes(file, name);
  if (times === undefined || times.count === 0) return null;
  return times[quantity];
};

const own = (file: RunFile, name: string) => (Object.hasOwn(file.operations, name) ? file.operations[name] : undefined);

const okTimes = (file: RunFile, name: string) =>
  own(file, name)?.outcomes.ok?.times[awaitedKind(name, plannedServers(file))];

const countsIn = (file: RunFile, name: string | null): { count: number; failures: number } => {
  const sum = { count: 0, failures: 0 };
  for (const each of name === null ? Object.values(file.operations) : [own(file, name)]) {
    sum.count += each?.count ?? 0;
    sum.failures += each?.failures ?? 0;
  }
  return sum;
};

/** As a comparison has it: two failures are added, because none of a hundred calls is not never (Agresti and Coull). */
const errorPointsOf = ({ count, failures }: { count: number; failures: number }): number => {
  const share = (failures + 2) / (count + 4);
  return 100 * Math.sqrt((share * (1 - share)) / (count + 4));
};

/** Measurements of the same cell as one row: medians of the figures, the worst of the standings. */
import { spreadOf } from "../spread.ts";
import type { Cell } from "./cell.ts";
import { type Standing, worstOf } from "./judgement.ts";
import type { TruthMeasurement } from "./measure.ts";
import type { Percentiles } from "./task.ts";

export interface TruthRow {
  readonly cell: Cell;
  readonly callsPerSecond: number;
  readonly truth: Percentiles;
  /** Reported less true. */
  readonly off: Percentiles;
  /** Of the tool's own table, less true. */
  readonly tableOff: Percentiles | null;
  readonly idle: number | null;
  /** What the harness added, p99: before and after. Ours alone says it. */
  readonly harnessMs: readonly [number, number] | null;
  /** The verdict of each run, and its reasons. */
  readonly verdicts: readonly string[];
  readonly standing: Standing;
}

export const rowsOf = (measurements: readonly TruthMeasurement[]): TruthRow[] => {
  const byCell = Map.groupBy(measurements, ({ cell }) => JSON.stringify(cell));
  return [...byCell.values()].map(rowOf);
};

const rowOf = (runs: readonly TruthMeasurement[]): TruthRow => {
  const [first] = runs;
  if (first === undefined) throw new RangeError("no runs");
  const tables = runs.flatMap((run) => (run.table === null ? [] : [less(run.table, run.truth)]));
  const idles = runs.flatMap(({ idle }) => (idle === null ? [] : [idle]));
  const harness = runs.flatMap(({ ours }) => (ours === null ? [] : [ours.harnessDelay]));
  return {
    cell: first.cell,
    callsPerSecond: median(runs.map(({ callsPerSecond }) => callsPerSecond)),
    truth: medians(runs.map(({ truth }) => truth)),
    off: medians(runs.map(({ reported, truth }) => less(reported, truth))),
    tableOff: tables.length === 0 ? null : medians(tables),
    idle: idles.length === 0 ? null : median(idles),
    harnessMs:
      harness.length === 0
        ? null
        : [median(harness.map(({ beforeMs }) => beforeMs)), median(harness.map(({ afterMs }) => afterMs))],
    verdicts: runs.flatMap(({ ours }) => (ours === null ? [] : [ours.verdict.level])),
    standing: worstOf(runs.map(({ standing }) => standing)),
  };
};

const less = (a: Percentiles, b: Percentiles): Percentiles => ({
  p50Ms: a.p50Ms - b.p50Ms,
  p95Ms: a.p95Ms - b.p95Ms,
  p99Ms: a.p99Ms - b.p99Ms,
});

const median = (values: readonly number[]): number => spreadOf(values).median;

const medians = (all: readonly Percentiles[]): Percentiles => ({
  p50Ms: median(all.map(({ p50Ms }) => p50Ms)),
  p95Ms: median(all.map(({ p95Ms }) => p95Ms)),
  p99Ms: median(all.map(({ p99Ms }) => p99Ms)),
});

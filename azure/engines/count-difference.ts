/** Compares what an engine's bridge counted with the rows that the service kept of the same engine, name by name. */
import type { RunFile } from "../../record/run-file.ts";

export type NameCounts = ReadonlyMap<string, number>;

/** What auth did is in no row. */
export const nameCounts = ({ operations }: Pick<RunFile, "operations">): NameCounts =>
  new Map(Object.entries(operations).map(([name, { count }]) => [name, count]));

export interface CountDifference {
  /** Summed over the names, whichever side has more. */
  readonly total: number;
  /** Rows of operations that the bridge does not know: its record lacks something. */
  readonly missing: number;
}

export const countDifference = (own: NameCounts, rows: NameCounts): CountDifference => {
  let total = 0;
  let missing = 0;
  for (const name of new Set([...own.keys(), ...rows.keys()])) {
    const more = (rows.get(name) ?? 0) - (own.get(name) ?? 0);
    total += Math.abs(more);
    missing += Math.max(0, more);
  }
  return { total, missing };
};

/** The bridge counts to the end of a run, the service may stop before; the other way round, few can be explained. */
export const isCovered = ({ missing }: CountDifference, rows: number): boolean => missing <= Math.max(10, rows / 100);

/** Measurements of several rounds as the rows of the report: medians, their spread, ratios within a round. */
import { CONTENDER_NAMES, type ContenderName } from "./contenders.ts";
import type { Measurement } from "./measurement.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { labelOf, type Workload } from "./workload.ts";

export interface Row {
  readonly workload: Workload;
  readonly contender: ContenderName;
  readonly callsPerSecond: Spread;
  /** Median over the rounds of this one over raw undici in the same round; null without undici. */
  readonly toUndici: Spread | null;
  readonly toByHand: Spread | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** By program. */
  readonly cpuUs: Readonly<Record<string, number>>;
  readonly generatorCores: number;
  /** The most that the null server used in any round. */
  readonly serverCores: number;
  readonly failures: number;
}

/** @param measurements in the order in which they were made */
export const rowsOf = (measurements: readonly Measurement[]): Row[] => {
  const byWorkload = Map.groupBy(measurements, ({ workload }) => labelOf(workload));
  return [...byWorkload.values()].flatMap((ofWorkload) => {
    const byContender = Map.groupBy(ofWorkload, ({ contender }) => contender);
    return CONTENDER_NAMES.flatMap((contender) => {
      const own = byContender.get(contender);
      const first = own?.[0];
      if (own === undefined || first === undefined) return [];
      return [
        {
          workload: first.workload,
          contender,
          callsPerSecond: spreadOf(own.map((one) => one.callsPerSecond)),
          toUndici: ratios(own, byContender.get("undici")),
          toByHand: ratios(own, byContender.get("by-hand")),
          p50Ms: spreadOf(own.map((one) => one.p50Ms)).median,
          p99Ms: spreadOf(own.map((one) => one.p99Ms)).median,
          cpuUs: mediansByProgram(own),
          generatorCores: spreadOf(own.map((one) => one.generatorCores)).median,
          serverCores: Math.max(...own.map((one) => one.serverCores)),
          failures: own.reduce((sum, one) => sum + one.failures, 0),
        },
      ];
    });
  });
};

const ratios = (own: readonly Measurement[], peer: readonly Measurement[] | undefined): Spread | null => {
  const inRound = own.flatMap((one, round) => {
    const beside = peer?.[round]?.callsPerSecond;
    return beside ? [one.callsPerSecond / beside] : [];
  });
  return inRound.length === 0 ? null : spreadOf(inRound);
};

const mediansByProgram = (own: readonly Measurement[]): Record<string, number> => {
  const programs = Object.keys(own[0]?.cpuUs ?? {});
  return Object.fromEntries(
    programs.map((program) => [program, spreadOf(own.map((one) => one.cpuUs[program] ?? 0)).median]),
  );
};

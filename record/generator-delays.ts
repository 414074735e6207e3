/**
 * What the harness added to operations, over a whole run, held against the answers' own time: a delay that is small against
 * them changes nothing, the same delay beside fast answers is most of what was measured.
 */
import { msText } from "./duration-text.ts";
import { FINDING_LEVELS, type GeneratorFinding } from "./generator-finding.ts";
import { FEWER } from "./generator-measures.ts";
import { CARRIES } from "./percentile-text.ts";
import type { RunFile } from "./run-file.ts";

/** The halves, as docs/measurement.md draws them. */
const HALF_TEXTS = { before: "were sent", after: "were delivered" } as const;

/**
 * - Half of the operations late by as much as people notice, or by more than the server took: a run of the harness.
 * - One in a hundred late by a part of the server's own p99: its p99 is the server's, its load is not the planned one.
 * Below the floors a delay is the machine's own noise, however fast the server answers; of fewer operations than `fewest` a
 * single late one would be the percentile.
 */
export const DELAY_RULES = {
  saturated: { percentile: "p50Ms", always: 100, floor: 20, share: 1, fewest: 20 },
  strained: { percentile: "p99Ms", always: 500, floor: 50, share: 0.25, fewest: CARRIES.p99Ms },
} as const satisfies Record<
  GeneratorFinding["level"],
  { percentile: "p50Ms" | "p99Ms"; always: number; floor: number; share: number; fewest: number }
>;

const HOW_MANY = { p50Ms: "half", p99Ms: "one in a hundred" } as const;

/** At most one for each half, the graver. */
export const delayFindings = (file: RunFile): GeneratorFinding[] =>
  (["before", "after"] as const).flatMap((half) => {
    const delay = file.harnessDelay[half];
    for (const level of FINDING_LEVELS) {
      const { percentile, always, floor, share, fewest } = DELAY_RULES[level];
      if (delay.count < fewest) continue;
      const lateMs = delay[percentile];
      const serviceMs = usualService(file)?.[percentile];
      if (lateMs < always && (serviceMs === undefined || lateMs < floor || lateMs < share * serviceMs)) continue;
      const beside = serviceMs === undefined ? "" : ` (the server took ${msText(serviceMs)} ms)`;
      const late = half === "before" ? "after their user meant to" : "after their answer was there";
      const sentence = `${HOW_MANY[percentile]} of the operations ${HALF_TEXTS[half]} ${msText(lateMs)} ms or more ${late}${beside}: ${FEWER}`;
      return [{ level, sentence }];
    }
    return [];
  });

/** Whether reasons of a verdict are all of this kind: then no service time is in doubt, only the load. */
export const areDelays = (file: RunFile, reasons: readonly string[]): boolean => {
  const sentences = new Set(delayFindings(file).map(({ sentence }) => sentence));
  return reasons.length > 0 && reasons.every((reason) => sentences.has(reason));
};

/** Of the operation that was called most: percentiles of several are not one. */
const usualService = ({ operations }: RunFile) =>
  Object.values(operations)
    .flatMap(({ outcomes }) => outcomes.ok?.times.service ?? [])
    .reduce<{ count: number; p50Ms: number; p99Ms: number } | undefined>(
      (most, each) => (most === undefined || each.count > most.count ? each : most),
      undefined,
    );

/** One tool that is far slower than the others of its server: more replicas would only run it more often. */

import { median } from "./median.ts";
import type { RunFile } from "./run-file.ts";
import { serverOf } from "./server-part.ts";

/** Slower by this factor is looked at first. */
export const SLOW_FACTOR = 5;
/** A call of this and less is fine, however slow it is beside others. */
const FINE_MS = 400;
/** Of fewer answers the median is anything. */
const FEWEST = 10;

export interface SlowTool {
  readonly server: string;
  readonly tool: string;
  readonly p50Ms: number;
  /** Median of the other tools' p50. */
  readonly othersMs: number;
  readonly others: number;
  /** Of all the time that the server's tools took, 0 to 1. */
  readonly shareOfTime: number;
}

const CALL = /^[^:]*:tools\/call:/;

/** @returns the one that takes the largest share of its server's time first; service times of ok answers */
export const slowTools = ({ operations }: Pick<RunFile, "operations">): SlowTool[] => {
  const tools = Object.entries(operations).flatMap(([name, { outcomes }]) => {
    const times = CALL.test(name) ? outcomes.ok?.times.service : undefined;
    if (times === undefined) return [];
    return { server: serverOf(name), tool: name.replace(CALL, ""), ...times };
  });
  return tools
    .flatMap(({ server, tool, p50Ms, sumMs, count }) => {
      const beside = tools.filter((each) => each.server === server && each.tool !== tool);
      const others = beside.filter((each) => each.count >= FEWEST);
      const othersMs = others.length === 0 ? Number.POSITIVE_INFINITY : median(others.map((each) => each.p50Ms));
      if (count < FEWEST || p50Ms <= FINE_MS || p50Ms < SLOW_FACTOR * othersMs) return [];
      const allMs = beside.reduce((sum, each) => sum + each.sumMs, sumMs);
      return { server, tool, p50Ms, othersMs, others: others.length, shareOfTime: sumMs / allMs };
    })
    .sort((a, b) => b.shareOfTime - a.shareOfTime);
};

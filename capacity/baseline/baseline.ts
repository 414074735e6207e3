/**
 * The sequential baseline of a tool: calls one after the other in one session, their mean, and whether it has doubled since
 * last time. It asks for no load, so that it can be taken around each change. R46; docs/probe.md, "A baseline".
 */

import * as z from "zod";
import { median } from "../../record/median.ts";
import { quantileOfT } from "../../record/student-t.ts";
import { quantile } from "../probe/quantile.ts";

/** Grows when a field changes its meaning or goes away, not when one is added. */
export const BASELINE_SCHEMA = 1;
/** A mean of this many times the stored one is a regression. */
export const REGRESSION = 2;

const ms = z.number().nonnegative();

const baselineSchema = z.object({
  schema: z.literal(BASELINE_SCHEMA),
  server: z.string(),
  tool: z.string(),
  takenAt: z.string(),
  /** Good calls, without the warm-up. */
  calls: z.number().int().positive(),
  meanMs: ms,
  /** Of the mean, at 95 %; null of fewer than ten calls. */
  meanLowMs: ms.nullable(),
  meanHighMs: ms.nullable(),
  medianMs: ms,
  p95Ms: ms,
  minMs: ms,
  maxMs: ms,
});
export type Baseline = Readonly<z.infer<typeof baselineSchema>>;

/** @returns null for what is no such file */
export const parseBaseline = (text: string): Baseline | null => {
  try {
    return baselineSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // Not JSON.
  }
};

export const baselineJson = (baseline: Baseline): string => `${JSON.stringify(baseline, null, 1)}\n`;

/** Neighbouring calls are alike: their batches are less so. */
const BATCHES = 10;

/** @param times of the good calls in their order, ms; at least one */
export const baselineOf = (times: readonly number[], of: Pick<Baseline, "server" | "tool" | "takenAt">): Baseline => {
  const mean = meanOf(times);
  const half = halfWidth(times);
  return {
    schema: BASELINE_SCHEMA,
    ...of,
    calls: times.length,
    meanMs: mean,
    meanLowMs: half === null ? null : Math.max(0, mean - half),
    meanHighMs: half === null ? null : mean + half,
    medianMs: median(times),
    p95Ms: quantile(times, 0.95),
    minMs: quantile(times, 0),
    maxMs: quantile(times, 1),
  };
};

export interface BaselineVerdict {
  readonly result: "held" | "regression" | "over-limit";
  /** One sentence each. */
  readonly lines: readonly string[];
}

/**
 * @param stored null when there is none yet
 * @param limitMs of the mean; null for none
 */
export const judgeBaseline = (now: Baseline, stored: Baseline | null, limitMs: number | null): BaselineVerdict => {
  const lines: string[] = [];
  let result: BaselineVerdict["result"] = "held";
  if (limitMs !== null) {
    const isOver = now.meanMs > limitMs;
    if (isOver) result = "over-limit";
    const [lowMs, highMs] = [now.meanLowMs ?? now.meanMs, now.meanHighMs ?? now.meanMs];
    const isUnsure = lowMs <= limitMs && highMs > limitMs;
    lines.push(`The mean is ${isOver ? "above" : "within"} its limit${isUnsure ? ", by less than its spread" : ""}.`);
  }
  if (stored !== null) {
    const times = now.meanMs / Math.max(stored.meanMs, Number.MIN_VALUE);
    const isRegression = times >= REGRESSION;
    if (isRegression) result = "regression";
    const unsure = isRegression ? doubtOf(now, stored) : "";
    lines.push(`The mean is ${times.toFixed(2)} times the baseline's${isRegression ? ": a regression" : ""}.${unsure}`);
    const medians = now.medianMs / Math.max(stored.medianMs, Number.MIN_VALUE);
    if (isRegression && medians < REGRESSION) {
      lines.push(`The median is ${medians.toFixed(2)} times as long: a few slow calls made the mean.`);
    }
  }
  return { result, lines };
};

/** By the least that the two can be apart. */
const doubtOf = (now: Baseline, stored: Baseline): string => {
  if (now.meanLowMs === null || stored.meanHighMs === null) {
    return ` Of fewer than ${BATCHES} calls this may be chance: take it with more.`;
  }
  const least = now.meanLowMs / Math.max(stored.meanHighMs, Number.MIN_VALUE);
  return least < REGRESSION ? " Their spread reaches below that: take it again." : "";
};

const meanOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

/** Half the 95 % interval of the mean, from the means of consecutive batches; null of fewer calls than batches. */
const halfWidth = (times: readonly number[]): number | null => {
  if (times.length < BATCHES) return null;
  const edge = (index: number): number => Math.floor((times.length * index) / BATCHES);
  const means = Array.from({ length: BATCHES }, (_, index) => meanOf(times.slice(edge(index), edge(index + 1))));
  const middle = meanOf(means);
  const variance = means.reduce((sum, each) => sum + (each - middle) ** 2, 0) / (BATCHES - 1);
  return quantileOfT(0.975, BATCHES - 1) * Math.sqrt(variance / BATCHES);
};

/** A history in figures: how often the server was there, how long its handshake took, what is left of its error budget. */

import { median } from "../../record/median.ts";
import { initializeTimes, type Probe } from "./probe.ts";
import { quantile } from "./quantile.ts";
import { FEWEST, rankTest } from "./rank-test.ts";
import { FEWEST_PROBES, type Spikes, spikesOf } from "./spikes.ts";

/** Limits that a server's entry in loadtest.yaml may set (`slo`). */
export interface ProbeLimits {
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  readonly errorPercent?: number;
}

export interface Figures {
  readonly probes: number;
  readonly failed: number;
  /** Wall clock of the first and the last, ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** null without a handshake. */
  readonly initialize: {
    readonly medianMs: number;
    readonly p95Ms: number;
    readonly p99Ms: number;
    readonly maxMs: number;
  } | null;
  /** By what failed, most often first. */
  readonly reasons: readonly (readonly [reason: string, count: number])[];
  readonly budget: Budget | null;
  /** Limits of the handshake's latency that it is above. */
  readonly broken: readonly ("p95" | "p99")[];
  readonly trend: Trend;
  readonly spikes: Spikes | null;
}

export interface Budget {
  readonly errorPercent: number;
  /** 1: used up. Infinite for a failure where none is allowed. */
  readonly used: number;
  /** Where infinity cannot be written, as in JSON, this says it. */
  readonly isUsedUp: boolean;
  /** How many times as fast as allowed it was used in the last hour; null with too few probes there. */
  readonly burnLastHour: number | null;
}

export interface Trend {
  readonly verdict: "rising" | "falling" | "level" | "unknown";
  /** Medians of the first and the last third, ms. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}

const HOUR_MS = 3_600_000;
/** Below this share of the median a trend is nobody's concern, however sure it is. */
const LEAST_TREND = 0.1;
const CHANCE = 0.01;

/** @param probes in order of time, at least one */
export const figuresOf = (probes: readonly Probe[], limits: ProbeLimits | null): Figures => {
  const times = initializeTimes(probes);
  const failures = probes.filter(({ isOk }) => !isOk);
  const reasons = new Map<string, number>();
  for (const { reason = "unknown" } of failures) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const initialize =
    times.length === 0
      ? null
      : {
          medianMs: median(times),
          p95Ms: quantile(times, 0.95),
          p99Ms: quantile(times, 0.99),
          maxMs: quantile(times, 1),
        };
  return {
    probes: probes.length,
    failed: failures.length,
    fromMs: probes[0]?.atMs ?? 0,
    toMs: probes.at(-1)?.atMs ?? 0,
    initialize,
    broken: (["p95", "p99"] as const).filter((name) => {
      const limitMs = limits?.[`${name}Ms`];
      return initialize !== null && limitMs !== undefined && initialize[`${name}Ms`] > limitMs;
    }),
    reasons: [...reasons].sort(([, a], [, b]) => b - a),
    budget: limits?.errorPercent === undefined ? null : budgetOf(probes, limits.errorPercent),
    trend: trendOf(times),
    spikes: spikesOf(probes),
  };
};

const budgetOf = (probes: readonly Probe[], errorPercent: number): Budget => {
  const usedBy = (some: readonly Probe[]): number => {
    const failed = some.filter(({ isOk }) => !isOk).length;
    return failed === 0 ? 0 : failed / ((some.length * errorPercent) / 100);
  };
  const last = probes.filter(({ atMs }) => atMs > (probes.at(-1)?.atMs ?? 0) - HOUR_MS);
  const used = usedBy(probes);
  return { errorPercent, used, isUsedUp: used > 1, burnLastHour: last.length < FEWEST_PROBES ? null : usedBy(last) };
};

/** The first third against the last one. */
const trendOf = (times: readonly number[]): Trend => {
  const third = Math.floor(times.length / 3);
  if (third < FEWEST) return { verdict: "unknown", firstMs: null, lastMs: null };
  const [first, last] = [times.slice(0, third), times.slice(-third)];
  const [firstMs, lastMs] = [median(first), median(last)];
  const { pRise, pFall } = rankTest(first, last);
  const told = (verdict: Trend["verdict"]): Trend => ({ verdict, firstMs, lastMs });
  if (Math.abs(lastMs - firstMs) <= LEAST_TREND * firstMs) return told("level");
  if (pRise < CHANCE) return told("rising");
  return told(pFall < CHANCE ? "falling" : "level");
};

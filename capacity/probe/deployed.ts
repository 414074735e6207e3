/** After a deployment: did the handshake's latency hold, drop or rise? R107. Written rules, docs/probe.md. */

import { msText, percentText } from "../../record/duration-text.ts";
import { median } from "../../record/median.ts";
import { initializeTimes, type Probe } from "./probe.ts";
import { FEWEST, rankTest } from "./rank-test.ts";

export const DEPLOYED_VERDICTS = ["dropped", "held", "risen", "fails-more", "not-judged"] as const;
export type DeployedVerdict = (typeof DEPLOYED_VERDICTS)[number];

export interface Deployed {
  readonly verdict: DeployedVerdict;
  readonly why: string;
  readonly before: Side;
  readonly after: Side;
}

interface Side {
  readonly probes: number;
  readonly failed: number;
  /** null without a handshake. */
  readonly medianMs: number | null;
}

/** What was claimed wrongly once in a hundred checks, if probes did not depend on each other. */
const CHANCE = 0.01;
export const CONFIDENCE_PERCENT = 100 * (1 - CHANCE);
/** A change that many probes prove and nobody feels is none. */
const LEAST_SHARE = 0.1;
const LEAST_MS = 2;

export interface Window {
  /** Wall clock of the deployment, ms. */
  readonly atMs: number;
  /** How far to look to either side. */
  readonly windowMs: number;
}

export const judgeDeployed = (probes: readonly Probe[], { atMs, windowMs }: Window): Deployed => {
  const inside = (from: number, to: number): Probe[] => probes.filter((each) => each.atMs >= from && each.atMs < to);
  const [old, fresh] = [inside(atMs - windowMs, atMs), inside(atMs, atMs + windowMs)];
  const [before, after] = [sideOf(old), sideOf(fresh)];
  const told = (verdict: DeployedVerdict, why: string): Deployed => ({ verdict, why, before, after });

  for (const [side, name] of [
    [before, "before"],
    [after, "after"],
  ] as const) {
    if (side.probes < FEWEST) return told("not-judged", `${side.probes} probes ${name} it, ${FEWEST} are needed`);
  }
  if (failsMore(before, after) < CHANCE) {
    const shares = [before, after].map(({ failed, probes: all }) => percentText(failed, all));
    return told("fails-more", `${shares[1]} of the probes failed after it, ${shares[0]} before`);
  }
  const [oldMs, freshMs] = [initializeTimes(old), initializeTimes(fresh)];
  if (oldMs.length < FEWEST || freshMs.length < FEWEST) {
    return told("not-judged", `${oldMs.length} handshakes before and ${freshMs.length} after, ${FEWEST} are needed`);
  }
  const [then, now] = [median(oldMs), median(freshMs)];
  const { pRise, pFall } = rankTest(oldMs, freshMs);
  const isLarge = Math.abs(now - then) > Math.max(LEAST_MS, LEAST_SHARE * then);
  const medians = `initialize ${msText(then)} ms before, ${msText(now)} ms after (medians)`;
  if (isLarge && now > then && pRise < CHANCE) return told("risen", medians);
  if (isLarge && now < then && pFall < CHANCE) return told("dropped", medians);
  return told("held", isLarge ? `${medians}, no more than chance` : medians);
};

const sideOf = (probes: readonly Probe[]): Side => {
  const times = initializeTimes(probes);
  const failed = probes.filter(({ isOk }) => !isOk).length;
  return { probes: probes.length, failed, medianMs: times.length === 0 ? null : median(times) };
};

/** How likely so many of the failures would lie behind the deployment by chance (Fisher's exact test, one side). */
const failsMore = (before: Side, after: Side): number => {
  const failed = before.failed + after.failed;
  const total = before.probes + after.probes;
  const log = logFactorials(total);
  const choose = (n: number, k: number): number => (log[n] ?? 0) - (log[k] ?? 0) - (log[n - k] ?? 0);
  let chance = 0;
  for (let late = after.failed; late <= Math.min(failed, after.probes); late++) {
    const early = failed - late;
    if (early > before.probes) continue;
    chance += Math.exp(choose(after.probes, late) + choose(before.probes, early) - choose(total, failed));
  }
  return chance;
};

const logFactorials = (most: number): Float64Array => {
  const log = new Float64Array(most + 1);
  for (let n = 2; n <= most; n++) log[n] = (log[n - 1] ?? 0) + Math.log(n);
  return log;
};

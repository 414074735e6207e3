/** A history in words. */

import type { Budget, Figures, ProbeLimits, Trend } from "../../capacity/probe/figures.ts";
import type { Probe } from "../../capacity/probe/probe.ts";
import { countText, durationText, msText, percentText } from "../../record/duration-text.ts";
import { printable } from "../../record/text-table.ts";

const MOST_REASONS = 3;
/** Of fewer it is the largest, or nearly. */
const CARRIES_P95 = 20;
const CARRIES_P99 = 100;

export const figureLines = (server: string, figures: Figures, limits: ProbeLimits | null): string[] => {
  const { probes, failed, initialize, reasons, budget, broken, trend, spikes } = figures;
  const lines = [`${printable(server)}: ${spanText(figures)}, ${availabilityText(probes, failed)} available`];
  if (initialize !== null) {
    const { medianMs, p95Ms, p99Ms, maxMs } = initialize;
    const parts = [
      `median ${msText(medianMs)}`,
      ...(probes < CARRIES_P95 ? [] : [`p95 ${msText(p95Ms)}`]),
      ...(probes < CARRIES_P99 ? [] : [`p99 ${msText(p99Ms)}`]),
      `max ${msText(maxMs)} ms`,
    ];
    lines.push(`  initialize: ${parts.join(", ")}; ${trendText(trend)}`);
    for (const name of ["p95", "p99"] as const) {
      const limit = limits?.[`${name}Ms`];
      if (limit === undefined) continue;
      const verdict = broken.includes(name) ? "broken" : "within";
      lines.push(`  slo ${verdict}: ${name} ${msText(initialize[`${name}Ms`])} of ${msText(limit)} ms`);
    }
  }
  if (failed > 0) {
    const named = reasons.slice(0, MOST_REASONS).map(([reason, count]) => `${printable(reason)} ${countText(count)}`);
    lines.push(`  failed: ${named.join(", ")}${reasons.length > MOST_REASONS ? ", ..." : ""}`);
  }
  if (budget !== null) lines.push(`  ${budgetText(budget)}`);
  if (spikes !== null && spikes.count > 0) {
    const every = spikes.periodMs === null ? "" : `, every ${durationText(spikes.periodMs)}`;
    lines.push(`  spikes: ${countText(spikes.count)} above ${msText(spikes.aboveMs)} ms${every}`);
  }
  return lines;
};

const spanText = ({ probes, fromMs, toMs }: Figures): string =>
  probes === 1 ? "1 probe" : `${countText(probes)} probes in ${durationText(toMs - fromMs)}`;

/** Rounded down: what failed once is not always there. */
const availabilityText = (probes: number, failed: number): string =>
  `${Math.floor((100_000 * (probes - failed)) / Math.max(1, probes)) / 1000}%`;

const TRENDS = {
  rising: (change: string) => `rising, ${change}`,
  falling: (change: string) => `falling, ${change}`,
  level: () => "level",
  unknown: () => "too few for a trend",
} as const satisfies Record<Trend["verdict"], (change: string) => string>;

const trendText = ({ verdict, firstMs, lastMs }: Trend): string =>
  TRENDS[verdict](`${msText(firstMs ?? 0)} to ${msText(lastMs ?? 0)} ms from the first to the last third`);

const budgetText = ({ errorPercent, used, isUsedUp, burnLastHour }: Budget): string => {
  const share = isUsedUp
    ? `used up${Number.isFinite(used) ? ` ${used.toFixed(1)} times` : ""}`
    : `${percentText(used, 1)} used`;
  const burn =
    burnLastHour === null || burnLastHour === 0
      ? ""
      : `; in the last hour ${burnLastHour.toFixed(1)} times as fast as it allows`;
  return `error budget of ${errorPercent}%: ${share}${burn}`;
};

/** One probe, as it is told while the probing goes on. */
export const probeText = (server: string, { atMs, isOk, initializeMs, listMs, callMs, reason }: Probe): string => {
  const times = [
    ["initialize", initializeMs],
    ["tools/list", listMs],
    ["call", callMs],
  ].flatMap(([step, ms]) => (typeof ms === "number" ? `${step} ${msText(ms)} ms` : []));
  const clock = new Date(atMs).toISOString().slice(11, 19);
  return [`${clock}Z ${printable(server)} ${isOk ? "ok" : `failed: ${reason ?? "?"}`}`, ...times].join(", ");
};

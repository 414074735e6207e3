/** A run's handshakes beside the history of a probe: one picture, or two, and what parts them. R105, R106; docs/probe.md. */

import { durationText, msText, percentText } from "../../record/duration-text.ts";
import { median } from "../../record/median.ts";
import type { Handshakes } from "./handshakes.ts";
import { initializeTimes, type Probe } from "./probe.ts";
import { FEWEST_FOR_PERIOD, FEWEST_PROBES, type Spikes, spikesOf } from "./spikes.ts";

export interface Comparison {
  /** `near`: the same picture; `apart`: not the same, and not telling; `wide`: two pictures. */
  readonly gap: "near" | "apart" | "wide" | "not-judged";
  /** `absent`: the probe has spikes that the run ought to have seen, and did not. */
  readonly spikes: "none" | "shared" | "absent" | "not-judged";
  /** ms; null where there is none. */
  readonly probeMs: number | null;
  readonly runMs: number | null;
  readonly periodMs: number | null;
  /** One sentence each. */
  readonly lines: readonly string[];
}

const NEAR = { factor: 1.5, ms: 10 } as const;
const WIDE = { factor: 2, ms: 20 } as const;
/** A run that would have met a spike less surely than this and met none says nothing. */
const CHANCE_TO_MISS = 0.05;

export const compareWithProbe = (probes: readonly Probe[], run: Handshakes): Comparison => {
  const { gap, probeMs, runMs, lines } = gapOf(probes, run);
  const found = spikesOf(probes);
  const told = spikeVerdict(found, run);
  const imported = probes.some(({ isImported }) => isImported === true)
    ? ["Imported times may contain connecting; a run's do not."]
    : [];
  return {
    ...{ gap, probeMs, runMs, spikes: told.verdict },
    periodMs: found?.periodMs ?? null,
    lines: [...lines, ...told.lines, ...imported],
  };
};

type Gap = Pick<Comparison, "gap" | "probeMs" | "runMs" | "lines">;

const gapOf = (probes: readonly Probe[], { alone }: Handshakes): Gap => {
  const times = initializeTimes(probes);
  const probeMs = times.length === 0 ? null : median(times);
  const runMs = alone.count === 0 ? null : alone.medianMs;
  if (probeMs === null || runMs === null || times.length < FEWEST_PROBES) {
    const why =
      runMs === null
        ? "the run has no handshake with nothing else under way; run one user (-u 1), or let users come more slowly (-r)"
        : `the history has ${counted(times.length)}, and needs ${FEWEST_PROBES}`;
    return { gap: "not-judged", probeMs, runMs, lines: [`Not compared: ${why}.`] };
  }
  const both = `initialize at N=1 ${msText(runMs)} ms (${counted(alone.count)}), the probe's median ${msText(probeMs)} ms (of ${times.length})`;
  const [less, more] = [Math.min(probeMs, runMs), Math.max(probeMs, runMs)];
  if (more <= NEAR.factor * less || more - less <= NEAR.ms) {
    return { gap: "near", probeMs, runMs, lines: [`The same picture: ${both}.`] };
  }
  if (more < WIDE.factor * less || more - less <= WIDE.ms) {
    return { gap: "apart", probeMs, runMs, lines: [`Apart, but not so far that it tells anything: ${both}.`] };
  }
  const where = probeMs > runMs ? "the probe's network or region" : "the network or region that the run came from";
  return {
    ...{ gap: "wide", probeMs, runMs },
    lines: [`Two pictures: ${both}. Look at ${where} first: one session at a time is no load.`],
  };
};

interface SpikeTold {
  readonly verdict: Comparison["spikes"];
  readonly lines: readonly string[];
}

const spikeVerdict = (found: Spikes | null, { all, alone, lengthMs }: Handshakes): SpikeTold => {
  if (found === null) return { verdict: "not-judged", lines: [] };
  if (found.count === 0) return { verdict: "none", lines: ["The probe has no spikes."] };
  const many = `${found.count} of the probe's handshakes (${percentText(found.share, 1)}) took more than ${msText(found.aboveMs)} ms`;
  // Slow ones that had others beside them are the load's, and no spikes.
  const seen = all.maxMs <= found.aboveMs ? all : alone;
  if (seen.count > 0 && seen.maxMs > found.aboveMs) {
    return { verdict: "shared", lines: [`${many}, and the run has such ones at N=1, too: look at the server.`] };
  }
  const isTooShort = found.periodMs !== null && lengthMs < found.periodMs;
  if (isTooShort || (1 - found.share) ** seen.count > CHANCE_TO_MISS) {
    const why = isTooShort
      ? `the run was shorter than their period of ${durationText(found.periodMs ?? 0)}`
      : `its ${counted(seen.count)} would hardly have met one`;
    return { verdict: "not-judged", lines: [`${many}. That the run has none says nothing: ${why}.`] };
  }
  return {
    verdict: "absent",
    lines: [`${many}, and none of the run's ${seen.count}: infrastructure. ${causeOf(found)}`],
  };
};

const causeOf = ({ periodMs, startsMs }: Spikes): string => {
  if (periodMs === null) {
    const isFew = startsMs.length < FEWEST_FOR_PERIOD;
    const why = isFew
      ? `they are too few to look for a period (${FEWEST_FOR_PERIOD})`
      : "they come at no regular times";
    return `Shared hosts' garbage collections and other pauses look like this; ${why}.`;
  }
  const row = CAUSES.find(({ upToMs }) => periodMs <= upToMs);
  return `They come every ${durationText(periodMs)}: look for ${row?.cause ?? CAUSE_OF_LONGEST}.`;
};

const CAUSES = [
  { upToMs: 120_000, cause: "health checks of a balancer, in bursts" },
  { upToMs: 3_599_000, cause: "cron jobs, caches that expire, scale rules" },
] as const;
const CAUSE_OF_LONGEST = "cron jobs, backups, a host's own maintenance";

const counted = (count: number): string => `${count} ${count === 1 ? "handshake" : "handshakes"}`;

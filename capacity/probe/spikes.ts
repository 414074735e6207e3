/** Handshakes of a history that took far longer than usual, and whether they come at regular times. R106. */

import { median } from "../../record/median.ts";
import { initializeTimes, type Probe } from "./probe.ts";
import { medianDistance } from "./quantile.ts";

/**
 * A spike lies above three medians, and above the median by ten times the usual distance from it and by 20 ms: of ordinary
 * spread-out latencies (log-normal, p90 at twice the median) one in a thousand does.
 */
const TIMES_MEDIAN = 3;
const TIMES_DISTANCE = 10;
const LEAST_MS = 20;

/** Spikes are looked for among so many at least. */
export const FEWEST_PROBES = 20;

export interface Spikes {
  readonly aboveMs: number;
  readonly count: number;
  /** Of the handshakes that went well. */
  readonly share: number;
  /** Wall clock, ms; spikes in probes that follow each other are one. */
  readonly startsMs: readonly number[];
  /** null when they come at no regular time, or are too few to say. */
  readonly periodMs: number | null;
}

/** @param probes in order of time @returns null when they are too few */
export const spikesOf = (probes: readonly Probe[]): Spikes | null => {
  const shaken = probes.filter(({ initializeMs }) => initializeMs !== undefined);
  if (shaken.length < FEWEST_PROBES) return null;
  const times = initializeTimes(shaken);
  const middle = median(times);
  const aboveMs = Math.max(TIMES_MEDIAN * middle, middle + TIMES_DISTANCE * medianDistance(times), middle + LEAST_MS);
  const isSpike = ({ initializeMs = 0 }: Probe): boolean => initializeMs > aboveMs;
  const startsMs = shaken.flatMap((each, index) => {
    const before = shaken[index - 1];
    return isSpike(each) && !(before !== undefined && isSpike(before)) ? each.atMs : [];
  });
  const count = shaken.filter(isSpike).length;
  const period = periodOf(
    startsMs,
    shaken.map(({ atMs }) => atMs),
  );
  return { aboveMs, count, share: count / shaken.length, startsMs, periodMs: period };
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What people and schedulers write down. The distances of the spikes themselves are tried, too. */
const USUAL_MS = [
  ...[10_000, 20_000, 30_000, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 20 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR],
];
/** Below this what looks regular is chance too often. */
export const FEWEST_FOR_PERIOD = 8;
const MOST_SPIKES = 2_000;
/** Probes at a fixed distance see every period near it as their own. */
const LEAST_INTERVALS = 3;
const LEAST_PERIODS = 4;
/** Of all periods that are tried, together. */
const CHANCE = 0.01;
/** Phases of the spikes as near together as this (1: all the same), and those of all probes far from it. */
const LEAST_TOGETHER = 0.8;
const MOST_OF_ALL = 0.4;

/** The longest period that fits: each of its fractions fits as well. By the Rayleigh test of the phases. */
const periodOf = (allSpikesMs: readonly number[], probesMs: readonly number[]): number | null => {
  const spikesMs = allSpikesMs.slice(-MOST_SPIKES);
  if (spikesMs.length < FEWEST_FOR_PERIOD) return null;
  const spanMs = (spikesMs.at(-1) ?? 0) - (spikesMs[0] ?? 0);
  const shortest = LEAST_INTERVALS * median(gapsOf(probesMs));
  const own = median(gapsOf(spikesMs));
  const tried = [...new Set([...USUAL_MS, own])].filter((ms) => ms >= shortest && LEAST_PERIODS * ms <= spanMs);
  const needed = Math.log(Math.max(1, tried.length) / CHANCE);
  const fitting = tried.filter((periodMs) => {
    const together = togetherness(spikesMs, periodMs);
    if (together < LEAST_TOGETHER || spikesMs.length * together ** 2 < needed) return false;
    return togetherness(probesMs, periodMs) <= MOST_OF_ALL;
  });
  return fitting.length === 0 ? null : Math.max(...fitting);
};

const gapsOf = (momentsMs: readonly number[]): number[] =>
  momentsMs.slice(1).map((atMs, index) => atMs - (momentsMs[index] ?? 0));

/** Length of the mean of the phases as directions: 1 when all are the same, near 0 when they are spread evenly. */
const togetherness = (momentsMs: readonly number[], periodMs: number): number => {
  let [x, y] = [0, 0];
  for (const atMs of momentsMs) {
    const angle = (2 * Math.PI * (atMs % periodMs)) / periodMs;
    x += Math.cos(angle);
    y += Math.sin(angle);
  }
  return Math.hypot(x, y) / momentsMs.length;
};

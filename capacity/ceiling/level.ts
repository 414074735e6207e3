/** All steps of one session count taken together, judged by the limits: success first, then the latency (docs/ceiling.md). */

import { bucketOf, floorOf } from "../../record/buckets.ts";
import { Times, toUs } from "../../record/times.ts";
import { type Interval, p99Interval, p99IntervalOfRuns, togetherOf } from "./p99-interval.ts";
import { shareOf } from "./share.ts";
import type { Batch, Limits, StepMeasure } from "./step.ts";

/** `unproven`: nothing was learned about the server. */
export type Verdict = "kept" | "broken" | "unproven";

/** What broke a level. */
export const BREACHES = {
  sessions: "sessions could not be opened",
  failures: "calls failed",
  p99: "p99 was over the limit",
} as const;
export type Breach = keyof typeof BREACHES;

/** Share of ok calls that may be slower than a p99. */
const SLOW_SHARE = 0.01;

export interface Level {
  readonly sessions: number;
  /** Steps that count: those that prove nothing do not, where there are others. */
  readonly runs: number;
  readonly opened: number;
  readonly refused: number;
  readonly calls: number;
  readonly failures: number;
  readonly callsPerSecond: number;
  /** Of ok calls, from all runs' histograms as one; null when there was none. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly times: Times;
  readonly verdict: Verdict;
  /** null unless broken. */
  readonly breach: Breach | null;
  /** The confidence interval lies on one side of the limit: of one run, what its own time shows; of several, also what differs between them. */
  readonly isSure: boolean;
  readonly saturation: readonly string[];
  /** Why no step of this count ran to its end; null when one did. */
  readonly cutOff: string | null;
}

/** Levels in the order of their session counts. */
export const levelsOf = (measures: readonly StepMeasure[], limits: Limits): Level[] => {
  const counts = [...new Set(measures.map(({ sessions }) => sessions))].sort((a, b) => a - b);
  return counts.map((sessions) =>
    knownLevelOf(
      measures.filter((each) => each.sessions === sessions),
      limits,
    ),
  );
};

/** By the last step of a level. A search asks for all its levels after each step, and one of them has changed. */
const known = new WeakMap<StepMeasure, { limits: Limits; steps: readonly StepMeasure[]; level: Level }>();

const knownLevelOf = (steps: readonly StepMeasure[], limits: Limits): Level => {
  const last = steps.at(-1);
  const held = last === undefined ? undefined : known.get(last);
  const isSame = held?.steps.length === steps.length && held.steps.every((each, index) => each === steps[index]);
  if (held !== undefined && isSame && held.limits === limits) return held.level;
  const level = levelOf(steps, limits);
  if (last !== undefined) known.set(last, { limits, steps, level });
  return level;
};

/** @param measures of one session count, at least one */
const levelOf = (measures: readonly StepMeasure[], limits: Limits): Level => {
  const sound = measures.filter(isSound);
  const counted = sound.length > 0 ? sound : measures;
  const batches = counted.flatMap((each) => each.batches);
  const calls = sumOf(batches, ({ calls }) => calls);
  const failures = sumOf(batches, ({ failures }) => failures);
  const seconds = sumOf(counted, ({ seconds }) => seconds);
  const parts = batches.map(timesOf);
  const runs = counted.map(runOf);
  const times = togetherOf(parts);
  const figures = {
    sessions: measures[0]?.sessions ?? 0,
    runs: counted.length,
    // The worst run: a level that is carried once and not again is not carried.
    opened: Math.min(...counted.map(({ opened }) => opened)),
    refused: sumOf(counted, ({ refused }) => refused),
    calls,
    failures,
    callsPerSecond: seconds > 0 ? sumOf(counted, endedInTime) / seconds : 0,
    p50Ms: times.count === 0 ? null : times.percentileMs(50),
    p99Ms: times.count === 0 ? null : times.percentileMs(99),
    times,
    saturation: sound.length > 0 ? [] : [...new Set(measures.flatMap(({ saturation }) => saturation))],
    cutOff: sound.length > 0 ? null : (measures.find(({ cutOff }) => cutOff !== null)?.cutOff ?? null),
  };
  return { ...figures, ...judged(figures, { batches, parts, runs }, limits) };
};

const endedInTime = (step: StepMeasure): number => step.endedInTime ?? sumOf(step.batches, ({ calls }) => calls);

/** A server that lets nobody in is not there: that says nothing about how many it carries. */
const isSound = ({ saturation, cutOff, opened }: StepMeasure): boolean =>
  saturation.length === 0 && cutOff === null && opened > 0;

type Judged = Pick<Level, "verdict" | "breach" | "isSure">;

interface Parts {
  readonly batches: readonly Batch[];
  /** Times of each of them. */
  readonly parts: readonly Times[];
  readonly runs: readonly Run[];
}

/** One step among those of a level. */
interface Run {
  readonly opened: number;
  readonly failedShare: number;
  readonly times: Times;
}

const runOf = ({ opened, batches }: StepMeasure): Run => ({
  opened,
  failedShare: sumOf(batches, ({ failures }) => failures) / sumOf(batches, ({ calls }) => calls),
  times: togetherOf(batches.map(timesOf)),
});

const UNPROVEN: Judged = { verdict: "unproven", breach: null, isSure: false };

/** Sure is what the parts of all runs show, and each run by itself: one that disagrees says that the others were chance. */
const judged = (
  { sessions, opened, refused, calls, saturation, cutOff, p99Ms }: Omit<Level, keyof Judged>,
  { batches, parts, runs }: Parts,
  { p99Ms: limitMs, errorPercent }: Limits,
): Judged => {
  if (saturation.length > 0 || cutOff !== null || opened === 0) return UNPROVEN;
  const mayFail = errorPercent / 100;
  const leastOpened = sessions * (1 - mayFail);
  if (opened < leastOpened) {
    // Without a refusal nobody knows why they were not there.
    const doAgree = runs.every((run) => run.opened < leastOpened);
    return refused > 0 ? { verdict: "broken", breach: "sessions", isSure: doAgree } : UNPROVEN;
  }
  if (calls === 0) return UNPROVEN;
  const failed = shareOf(batches.map(({ calls, failures }) => ({ of: calls, events: failures })));
  if (failed.share > mayFail) {
    const doAgree = runs.every(({ failedShare }) => failedShare > mayFail);
    return { verdict: "broken", breach: "failures", isSure: doAgree && failed.low > mayFail };
  }
  // However near together the times are: a hundredth of a few calls is none of them.
  const slow = shareOf([slowOf(parts, limitMs)]);
  const { lowMs, highMs } = widest([p99Interval(parts), p99IntervalOfRuns(runs.map(({ times }) => times))]);
  if (p99Ms !== null && isOver(p99Ms, limitMs)) {
    return { verdict: "broken", breach: "p99", isSure: lowMs > limitMs && slow.low > SLOW_SHARE };
  }
  const doAgree = runs.every(({ failedShare }) => !(failedShare > mayFail));
  // That nothing ever fails no number of calls can show.
  const isSure = highMs <= limitMs && slow.high <= SLOW_SHARE && failed.high <= Math.max(mayFail, SLOW_SHARE);
  return { verdict: "kept", breach: null, isSure: doAgree && isSure };
};

/** What all of them leave possible. */
const widest = (intervals: readonly (Interval | null)[]): Interval => {
  const known = intervals.filter((each) => each !== null);
  return {
    lowMs: Math.min(...known.map(({ lowMs }) => lowMs)),
    highMs: Math.max(...known.map(({ highMs }) => highMs)),
  };
};

/** A percentile in the same bucket as the limit is the limit, as the gate has it. */
const isOver = (ms: number, limitMs: number): boolean => floorOf(bucketOf(toUs(ms))) > limitMs * 1000;

const slowOf = (parts: readonly Times[], limitMs: number): { readonly of: number; readonly events: number } => {
  let events = 0;
  for (const part of parts) {
    part.forEachBucket((bucket, count) => {
      if (floorOf(bucket) > limitMs * 1000) events += count;
    });
  }
  return { of: sumOf(parts, ({ count }) => count), events };
};

const timesOf = ({ times: buckets }: Batch): Times => {
  const times = new Times();
  for (const [us, count] of buckets) times.addBucket(bucketOf(us), count);
  return times;
};

const sumOf = <T>(each: readonly T[], value: (one: T) => number): number =>
  each.reduce((sum, one) => sum + value(one), 0);

/**
 * Whether an operation gets slower the more its server has to do, and how many calls the server then works on at a time. Of
 * a queue before `c` places, N calls take N/c times as long as one: the growth tells c. docs/scenarios.md has the rule in words.
 */
import type { LoadBand } from "../record/facts/by-load.ts";
import { RoughTimes } from "../record/rough-times.ts";

export interface Growth {
  /** p50 where there was little to do, and where there was most. */
  readonly quietMs: number;
  readonly busyMs: number;
  /** Mean number of calls under way there. */
  readonly quietLoad: number;
  readonly busyLoad: number;
  /** How much longer it takes: `busyMs / quietMs`. */
  readonly factor: number;
  /** The same, or less where it may be chance: the lower end of what the samples allow. */
  readonly sureFactor: number;
}

/** Of fewer answers the median is anything. */
const FEWEST_QUIET = 8;
const FEWEST_BUSY = 20;
/** The loads have to differ by this much, or there is nothing to compare. */
const LEAST_SPREAD = 3;
/** Standard errors: one in two thousand comparisons goes beyond by chance. */
const ERRORS = 3.3;
/** Of the median, in standard deviations of what it is taken of. */
const MEDIAN_ERROR = 1.2533;
/** A spread below this is the clock's, not the server's. */
const LEAST_SIGMA = 0.1;

/** @returns null where the loads were too much alike or the answers too few */
export const growthOf = (bands: readonly LoadBand[]): Growth | null => {
  const withAnswers = bands.map(loadOf).filter(({ ok }) => ok.count > 0);
  const busy = withAnswers.findLast(({ ok }) => ok.count >= FEWEST_BUSY);
  if (busy === undefined) return null;
  const growths = quietest(withAnswers)
    .filter(({ load }) => busy.load >= LEAST_SPREAD * load)
    .map((quiet) => between(quiet, busy));
  return growths.reduce<Growth | null>((best, each) => (each.sureFactor > (best?.sureFactor ?? 0) ? each : best), null);
};

const between = (quiet: Level, busy: Level): Growth => {
  const quietMs = quiet.ok.percentileMs(50);
  const busyMs = busy.ok.percentileMs(50);
  const sigma = Math.max(LEAST_SIGMA, sigmaOf(quiet.ok), sigmaOf(busy.ok));
  const error = MEDIAN_ERROR * sigma * Math.sqrt(1 / quiet.ok.count + 1 / busy.ok.count);
  const factor = busyMs / quietMs;
  const sureFactor = factor * Math.exp(-ERRORS * error);
  return { quietMs, busyMs, quietLoad: quiet.load, busyLoad: busy.load, factor, sureFactor };
};

interface Level {
  readonly load: number;
  readonly calls: number;
  readonly ok: RoughTimes;
}

const loadOf = ({ underWay, outcomes, ok }: LoadBand): Level => {
  const calls = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const times = new RoughTimes();
  times.add(ok);
  return { load: underWay / Math.max(1, calls), calls, ok: times };
};

/** The lowest level, the lowest two, and so on, as far as they have answers enough: few answers, or a load less low. */
const quietest = (levels: readonly Level[]): Level[] => {
  const found: Level[] = [];
  const ok = new RoughTimes();
  let calls = 0;
  let underWay = 0;
  for (const level of levels) {
    ok.add(level.ok.buckets());
    calls += level.calls;
    underWay += level.load * level.calls;
    if (ok.count < FEWEST_QUIET) continue;
    const copy = new RoughTimes();
    copy.add(ok.buckets());
    found.push({ load: underWay / calls, calls, ok: copy });
  }
  return found;
};

/** Of the logarithms, from the middle two thirds: what a few stragglers do not change. */
const sigmaOf = (ok: RoughTimes): number => Math.log(ok.percentileMs(84) / ok.percentileMs(16)) / 2;

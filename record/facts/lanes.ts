/**
 * How many calls of a burst a server worked on at once, told from nothing but when they were sent and when they ended:
 * docs/measurement.md, "Calls at once". A server with so many lanes takes calls in the order in which they were sent, and
 * begins the next one when a lane is free. For each number of lanes that decides what each call's own work must have taken;
 * the number for which these times look most like those of one kind of work (log-normal) is the answer.
 */
import * as z from "zod";

/** What is asked of the times. `all`: no call waits for another. */
const LANES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 48, 64] as const;
export type Lanes = (typeof LANES)[number] | "all";
const CANDIDATES: readonly Lanes[] = [...LANES, "all"];

const fit = z.object({
  /** Sum over the calls of each one's own work. */
  sumMs: z.number(),
  /** The same of the calls that a lane was free for at once: of each burst the first ones, as many as lanes. */
  firstsMs: z.number().default(0),
  /** Sums of its logarithm, noise added, and of the logarithm's square. */
  logs: z.number(),
  squares: z.number(),
  /** Calls that ended before their work could have begun. */
  impossible: z.number().int(),
});

export const laneFits = z.object({
  /** Bursts that were looked at, and calls in them. */
  bursts: z.number().int(),
  calls: z.number().int(),
  /** Sum over these bursts, from the first call sent to the last one's end. */
  tookMs: z.number().default(0),
  fits: z.record(z.string(), fit),
});
export type LaneFits = z.infer<typeof laneFits>;

/** Fewer calls say nothing about an order. */
const FEWEST_CALLS = 3;
/** Of a larger burst the first ones are looked at: the work for each grows with the number of candidates. */
const MOST_CALLS = 100;
/** A burst behind more than this says little, and is much work. */
const MOST_OTHERS = 500;
/**
 * Added to each call's own work, as a part of the burst's mean time: what lies below is measurement noise, and the logarithm
 * would take it for the most telling times of all.
 */
const NOISE = 0.1;
/** A call that ended earlier than this part of the mean time before its work could have begun did not wait for a lane. */
const TOLERANCE = 0.02;
/** How much, in logarithms of a likelihood, a call speaks against a number of lanes with which it is impossible. */
const IMPOSSIBLE = 5;
/** No spread of times is believed to be smaller. */
const SMALLEST_SPREAD = 0.02;

/** One call of a burst, ms of one clock. */
export interface Span {
  readonly sentMs: number;
  readonly endMs: number;
}

export class LaneFit {
  #bursts = 0;
  #calls = 0;
  #tookMs = 0;
  readonly #fits = new Map<Lanes, z.infer<typeof fit>>(
    CANDIDATES.map((lanes) => [lanes, { sumMs: 0, firstsMs: 0, logs: 0, squares: 0, impossible: 0 }]),
  );

  /**
   * @param spans of a burst, in the order in which they were sent
   * @param others that were under way when it began: they may hold lanes. One that was sent later is not among them
   */
  hear(spans: readonly Span[], others: readonly Span[] = []): void {
    const judged = spans.slice(0, MOST_CALLS);
    const [first] = judged;
    if (first === undefined || judged.length < FEWEST_CALLS || others.length > MOST_OTHERS) return;
    this.#bursts += 1;
    this.#calls += judged.length;
    this.#tookMs += Math.max(...spans.map(({ endMs }) => endMs)) - first.sentMs;
    const before = others.filter(({ sentMs }) => sentMs < first.sentMs).map(({ endMs }) => endMs);
    const meanMs = scaleMs(judged, before);
    for (const [lanes, fit] of this.#fits) {
      const workMs =
        lanes === "all" ? judged.map(({ sentMs, endMs }) => endMs - sentMs) : ownWork(judged, before, lanes);
      for (const [index, ms] of workMs.entries()) {
        const { sentMs, endMs } = judged[index] as Span;
        const isImpossible = ms < -TOLERANCE * meanMs;
        if (isImpossible) fit.impossible += 1;
        const ownMs = isImpossible ? endMs - sentMs : Math.max(0, ms);
        const log = Math.log(ownMs + Math.max(0.001, NOISE * meanMs));
        fit.sumMs += ownMs;
        if (lanes === "all" || index < lanes) fit.firstsMs += ownMs;
        fit.logs += log;
        fit.squares += log * log;
      }
    }
  }

  add({ bursts, calls, tookMs, fits }: LaneFits): void {
    this.#bursts += bursts;
    this.#calls += calls;
    this.#tookMs += tookMs;
    for (const [lanes, held] of this.#fits) {
      const theirs = fits[lanes];
      if (theirs === undefined) continue;
      held.sumMs += theirs.sumMs;
      held.firstsMs += theirs.firstsMs;
      held.logs += theirs.logs;
      held.squares += theirs.squares;
      held.impossible += theirs.impossible;
    }
  }

  section(): LaneFits {
    const fits = Object.fromEntries([...this.#fits].map(([lanes, fit]) => [String(lanes), { ...fit }]));
    return { bursts: this.#bursts, calls: this.#calls, tookMs: this.#tookMs, fits };
  }
}

/** Mean time of the calls, without the time in which the server cannot have begun any of them but for a free lane. */
const scaleMs = (spans: readonly Span[], beforeMs: readonly number[]): number => {
  const firstEndMs = Math.min(...spans.map(({ endMs }) => endMs));
  const fromMs = Math.max(spans[0]?.sentMs ?? 0, ...beforeMs.filter((ms) => ms <= firstEndMs));
  return spans.reduce((sum, { endMs }) => sum + endMs - fromMs, 0) / spans.length;
};

/** What each call's own work took, in ms, if the server has so many lanes. Below zero: with so many it cannot be. */
const ownWork = (spans: readonly Span[], beforeMs: readonly number[], lanes: number): number[] => {
  /** The latest ends so far, as many as there are lanes, ascending: at the first of them a lane is free. */
  const latestMs = [...beforeMs].sort((a, b) => a - b).slice(-lanes);
  return spans.map(({ sentMs, endMs }) => {
    const freeMs = latestMs.length < lanes ? sentMs : (latestMs[0] ?? sentMs);
    const at = latestMs.findIndex((ms) => ms > endMs);
    latestMs.splice(at === -1 ? latestMs.length : at, 0, endMs);
    if (latestMs.length > lanes) latestMs.shift();
    return endMs - Math.max(sentMs, freeMs);
  });
};

export interface LanesFound {
  /** The likeliest, and the fewest and most that are not much less likely. */
  readonly lanes: Lanes;
  readonly fewest: Lanes;
  readonly most: Lanes;
  /** What one call's own work takes with so many lanes, ms: the mean. */
  readonly workMs: number;
  /** What a burst took, ms: the mean of the same bursts. */
  readonly tookMs: number;
  readonly bursts: number;
}

/** Bursts below which nothing is said: chance orders three calls in one of six cases. */
const FEWEST_BURSTS = 3;
/** How much less likely is much less: 150 times. */
const MUCH = 5;
/**
 * Calls that are worked on together and take the same time end one right behind the other, as they were sent: the first one
 * of them seems to have all the work, the others next to none. Where calls wait for each other all of them have their own.
 */
const MOST_UNEVEN = 3;

/** @returns null when there is too little to say anything; more lanes than a burst has calls are `all` */
export const lanesOf = ({ bursts, calls, tookMs, fits }: LaneFits): LanesFound | null => {
  if (bursts < FEWEST_BURSTS || calls < 1) return null;
  const size = calls / bursts;
  const rated = CANDIDATES.flatMap((lanes) => {
    const fit = fits[lanes];
    // As many lanes as calls: nothing waits.
    if (fit === undefined || (lanes !== "all" && lanes >= size)) return [];
    const spread = Math.sqrt(Math.max(0, fit.squares / calls - (fit.logs / calls) ** 2));
    const likelihood = -calls * Math.log(Math.max(SMALLEST_SPREAD, spread)) - fit.logs - IMPOSSIBLE * fit.impossible;
    return [{ lanes, likelihood, workMs: fit.sumMs / calls, isUneven: isUneven(fit, lanes, bursts, calls) }];
  });
  const best = rated.reduce((one, other) => (other.likelihood > one.likelihood ? other : one), rated[0] ?? NOTHING);
  const near = rated.filter(({ likelihood }) => likelihood >= best.likelihood - MUCH);
  if (best === NOTHING || best.isUneven) return null;
  const { lanes, workMs } = best;
  const [fewest, most] = [near[0]?.lanes ?? lanes, near.at(-1)?.lanes ?? lanes];
  return { lanes, fewest, most, workMs, tookMs: tookMs / bursts, bursts };
};

const isUneven = (
  { sumMs, firstsMs }: LaneFits["fits"][string],
  lanes: Lanes,
  bursts: number,
  calls: number,
): boolean => {
  if (lanes === "all") return false;
  const firsts = bursts * lanes;
  return firstsMs / firsts > MOST_UNEVEN * ((sumMs - firstsMs) / (calls - firsts));
};

/** The same with at least so many lanes among the likely ones. @returns null when that is any number that a burst can show */
export const widened = (found: LanesFound, lanes: number, callsOfABurst: number): LanesFound | null => {
  if (found.most === "all" || found.most >= lanes) return found;
  const most = LANES.find((each) => each >= lanes);
  return most === undefined || most >= callsOfABurst ? null : { ...found, most };
};

const NOTHING = { lanes: "all", likelihood: Number.NEGATIVE_INFINITY, workMs: 0, isUneven: false } as const;

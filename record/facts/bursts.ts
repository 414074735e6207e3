/**
 * Calls that one user sent at once in one session: how many of them were on the wire together, how long the burst took, and
 * how many of them the server worked on at once (`lanes.ts`). docs/measurement.md, "Calls at once".
 */
import * as z from "zod";
import { Times, toUs } from "../times.ts";
import type { LightestLoad } from "./by-load.ts";
import { ByName } from "./by-name.ts";
import type { FactKeeper, FactKind } from "./fact-kind.ts";
import { addFactTimes, factTimes, factTimesOf } from "./fact-times.ts";
import { LaneFit, type Lanes, type LanesFound, laneFits, lanesOf, type Span, widened } from "./lanes.ts";

/** One burst that has ended. Times of the bridge's clock. */
export interface BurstEvent {
  /** `server:turn:<turn>` or, outside of a turn, `server:parallel`. */
  readonly name: string;
  /** Calls in it, those included that never reached a socket. */
  readonly calls: number;
  /** Of each call that did: when it was sent and when it ended, in turn, in any order. */
  readonly spansMs: readonly number[];
  /** The same of the calls that the server had from this bridge when the burst began. */
  readonly beforeMs: readonly number[];
  readonly isAllOk: boolean;
}

const burstRecord = z.object({
  bursts: z.number().int(),
  calls: z.number().int(),
  /** Bursts all of whose calls were in flight together. */
  together: z.number().int(),
  /** The most calls of one burst that were in flight together. */
  mostInFlight: z.number().int(),
  /** From the first call sent to the last one's end. */
  took: factTimes,
  /** Of the bursts that went well: those that found the server without work of this bridge, and those behind such work. */
  lanes: laneFits,
  lanesBehind: laneFits,
});
const bursts = z.record(z.string(), burstRecord);
export type Bursts = z.infer<typeof bursts>;

export const BURSTS: FactKind<BurstEvent, Bursts> = {
  schema: bursts,
  clean: (event, clean) => ({ ...event, name: clean(event.name) }),
  keeper: () => new BurstKeeper(),
};

interface HeldBursts {
  bursts: number;
  calls: number;
  together: number;
  mostInFlight: number;
  readonly took: Times;
  readonly lanes: LaneFit;
  readonly lanesBehind: LaneFit;
}

/** How far a call's own work may lie below what calls take at light load. */
const SLACK = 1.6;
/** A burst that is over so soon after its first call has waited for nothing that an agent notices, or that can be told. */
const LEAST_WAIT_MS = 50;
/** Before less, calls are not said to wait for each other: a machine that is busy for a moment delays a burst or two. */
const FEWEST_BURSTS = 8;

/**
 * On how many calls of these bursts the server worked at a time. That calls waited for each other is said only where their own
 * work goes with what calls take at light load: a pool that is always full lets its calls go one by one, as a server does that
 * works on one, and so does a generator that is busy itself. Bursts that had the server for themselves are believed before those
 * behind others, which must not speak against them.
 * @returns null when there is too little to say anything, or nothing sure
 */
export const lanesOfBursts = (burst: Bursts[string], light: LightestLoad | null): LanesFound | null => {
  const alone = lanesOf(burst.lanes);
  const behind = behindOthers(burst, light);
  if (alone === null) return enough(behind, 0);
  if (!isPlausible(alone, light) || (behind !== null && !overlap(alone, behind))) return null;
  return enough(alone, behind?.bursts ?? 0);
};

const behindOthers = (burst: Bursts[string], light: LightestLoad | null): LanesFound | null => {
  const behind = lanesOf(burst.lanesBehind);
  if (behind === null || light === null || !isPlausible(behind, light)) return null;
  // Where even the lightest load was several calls, the answer is no single number.
  if (behind.lanes === "all" || light.underWay < 1.5) return behind;
  return widened(behind, SLACK * light.underWay, burst.calls / burst.bursts);
};

/** So many calls at most waited for each other at light load: what one of them took is at most so many own works. */
const isPlausible = ({ lanes, workMs }: LanesFound, light: LightestLoad | null): boolean =>
  lanes === "all" || (light !== null && workMs * SLACK * light.underWay >= light.p50Ms);

const overlap = (one: LanesFound, other: LanesFound): boolean =>
  atMost(one.fewest, other.most) && atMost(other.fewest, one.most);

const atMost = (one: Lanes, other: Lanes): boolean => other === "all" || (one !== "all" && one <= other);

/** @param others bursts that say the same */
const enough = (found: LanesFound | null, others: number): LanesFound | null => {
  if (found === null || found.lanes === "all") return found;
  const { bursts, tookMs, workMs } = found;
  return bursts + others >= FEWEST_BURSTS && tookMs - workMs >= LEAST_WAIT_MS ? found : null;
};

class BurstKeeper implements FactKeeper<BurstEvent, Bursts> {
  readonly #names = new ByName<HeldBursts>(() => ({
    bursts: 0,
    calls: 0,
    together: 0,
    mostInFlight: 0,
    took: new Times(),
    lanes: new LaneFit(),
    lanesBehind: new LaneFit(),
  }));

  hear({ name, calls, spansMs, beforeMs, isAllOk }: BurstEvent): void {
    const held = this.#names.of(name);
    const spans = inOrderSent(spansMs);
    const inFlight = mostAtOnce(spans);
    held.bursts += 1;
    held.calls += calls;
    held.mostInFlight = Math.max(held.mostInFlight, inFlight);
    if (inFlight === calls) held.together += 1;
    const lastMs = spans.reduce((latest, { endMs }) => Math.max(latest, endMs), 0);
    if (spans[0] !== undefined) held.took.record(toUs(lastMs - spans[0].sentMs));
    if (!isAllOk) return;
    if (beforeMs.length === 0) held.lanes.hear(spans);
    else held.lanesBehind.hear(spans, inOrderSent(beforeMs));
  }

  add(section: Bursts): void {
    for (const [name, theirs] of Object.entries(section)) {
      const held = this.#names.of(name);
      held.bursts += theirs.bursts;
      held.calls += theirs.calls;
      held.together += theirs.together;
      held.mostInFlight = Math.max(held.mostInFlight, theirs.mostInFlight);
      addFactTimes(held.took, theirs.took);
      held.lanes.add(theirs.lanes);
      held.lanesBehind.add(theirs.lanesBehind);
    }
  }

  section(): Bursts {
    return this.#names.record((held) => ({
      ...held,
      took: factTimesOf(held.took),
      lanes: held.lanes.section(),
      lanesBehind: held.lanesBehind.section(),
    }));
  }
}

const inOrderSent = (spansMs: readonly number[]): Span[] => {
  const spans: Span[] = [];
  for (let at = 0; at + 1 < spansMs.length; at += 2) {
    spans.push({ sentMs: spansMs[at] ?? 0, endMs: spansMs[at + 1] ?? 0 });
  }
  return spans.sort((one, other) => one.sentMs - other.sentMs);
};

/** @param spans in the order in which they were sent */
const mostAtOnce = (spans: readonly Span[]): number => {
  const endsMs = spans.map(({ endMs }) => endMs).sort((a, b) => a - b);
  let ended = 0;
  let most = 0;
  for (const [index, { sentMs }] of spans.entries()) {
    // What ended in the moment in which another was sent was not there together with it.
    while (ended < endsMs.length && (endsMs[ended] ?? 0) <= sentMs) ended += 1;
    most = Math.max(most, index + 1 - ended);
  }
  return most;
};

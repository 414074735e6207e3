/**
 * Calls that one user sent at once in one session: how many of them were on the wire together, how long the burst took, and
 * how many of them the server worked on at once (`lanes.ts`). docs/measurement.md, "Calls at once".
 */
import * as z from "zod";
import { Times, toUs } from "../times.ts";
import { ByName } from "./by-name.ts";
import type { FactKeeper, FactKind } from "./fact-kind.ts";
import { addFactTimes, factTimes, factTimesOf } from "./fact-times.ts";
import { LaneFit, laneFits, type Span } from "./lanes.ts";

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
  /** Of the bursts that went well. */
  lanes: laneFits,
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
}

class BurstKeeper implements FactKeeper<BurstEvent, Bursts> {
  readonly #names = new ByName<HeldBursts>(() => ({
    bursts: 0,
    calls: 0,
    together: 0,
    mostInFlight: 0,
    took: new Times(),
    lanes: new LaneFit(),
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
    if (isAllOk) held.lanes.hear(spans, inOrderSent(beforeMs));
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
    }
  }

  section(): Bursts {
    return this.#names.record((held) => ({ ...held, took: factTimesOf(held.took), lanes: held.lanes.section() }));
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

/**
 * Calls that one user sent at once in one session, and whether the server worked on them at once. Whether it did shows in the
 * ends: docs/measurement.md, "Calls at once".
 */
import * as z from "zod";
import { Times } from "../times.ts";
import type { FactKeeper, FactKind } from "./fact-kind.ts";
import { addFactTimes, factTimes, factTimesOf } from "./fact-times.ts";

/** One burst that has ended. Times of the bridge's clock. */
export interface BurstEvent {
  /** `server:turn:<turn>` or, outside of a turn, `server:parallel`. */
  readonly name: string;
  /** Calls in it, and how many of them were on the wire at the same moment at most. */
  readonly calls: number;
  readonly inFlight: number;
  readonly tookMs: number;
}

const burstRecord = z.object({
  bursts: z.number().int(),
  calls: z.number().int(),
  /** Bursts all of whose calls were in flight together. */
  together: z.number().int(),
  took: factTimes,
});
const bursts = z.record(z.string(), burstRecord);
export type Bursts = z.infer<typeof bursts>;

export const BURSTS: FactKind<BurstEvent, Bursts> = {
  schema: bursts,
  keeper: () => new BurstKeeper(),
};

const MOST_NAMES = 200;
const OTHER = "(other names)";

class BurstKeeper implements FactKeeper<BurstEvent, Bursts> {
  readonly #names = new Map<string, { bursts: number; calls: number; together: number; took: Times }>();

  hear({ name, calls, inFlight, tookMs }: BurstEvent): void {
    const held = this.#of(name);
    held.bursts += 1;
    held.calls += calls;
    if (inFlight === calls) held.together += 1;
    held.took.record(Math.max(1, Math.round(tookMs * 1000)));
  }

  add(section: Bursts): void {
    for (const [name, theirs] of Object.entries(section)) {
      const held = this.#of(name);
      held.bursts += theirs.bursts;
      held.calls += theirs.calls;
      held.together += theirs.together;
      addFactTimes(held.took, theirs.took);
    }
  }

  section(): Bursts {
    return Object.fromEntries(
      [...this.#names].map(([name, held]) => [name, { ...held, took: factTimesOf(held.took) }] as const),
    );
  }

  #of(name: string) {
    const kept = this.#names.has(name) || this.#names.size < MOST_NAMES ? name : OTHER;
    let held = this.#names.get(kept);
    if (held === undefined) {
      held = { bursts: 0, calls: 0, together: 0, took: new Times() };
      this.#names.set(kept, held);
    }
    return held;
  }
}

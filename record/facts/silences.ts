/**
 * Moments in which a server with calls under way answered none of them for long, and then all at once: what a blocked
 * event loop, a pause of a garbage collector and a frozen container look like from outside. Found in the ends of calls.
 */
import * as z from "zod";
import type { Sample } from "../sample.ts";
import { serverOf } from "../server-part.ts";
import { Times, toUs } from "../times.ts";
import { ByName } from "./by-name.ts";
import type { FactKeeper, FactKind } from "./fact-kind.ts";
import { addFactTimes, factTimes, factTimesOf } from "./fact-times.ts";

const silenceRecord = z.object({
  silences: z.number().int(),
  /** Calls that waited through them, in all. */
  waited: z.number().int(),
  lengths: factTimes,
});
const silences = z.record(z.string(), silenceRecord);
export type Silences = z.infer<typeof silences>;

export const SILENCES: FactKind<Sample, Silences> = { schema: silences, keeper: () => new SilenceKeeper() };

/** A collector's usual pause, or a generator that was late itself, is shorter. */
const SHORTEST_MS = 100;
/** A call waited through a silence that was under way for its first fifth already and ended in the quarter behind it. */
const BEGINNING = 0.2;
const BEHIND = 0.25;
/** Fewer calls may all just happen to be slow ones. */
const FEWEST_WAITED = 5;

interface Silence {
  readonly fromMs: number;
  readonly toMs: number;
  waited: number;
}

const fresh = () => ({
  lastEndMs: Number.POSITIVE_INFINITY,
  open: null as Silence | null,
  silences: 0,
  waited: 0,
  lengths: new Times(),
});
type Held = ReturnType<typeof fresh>;

class SilenceKeeper implements FactKeeper<Sample, Silences> {
  readonly #servers = new ByName<Held>(fresh);

  /** Samples come in the order of their ends. The sample is read at once and not kept. */
  hear({ name, outcome, endMs, serviceMs }: Sample): void {
    // What our own time limit ends, ends at once with what began at once.
    if (outcome !== "ok" || serviceMs === undefined) return;
    const held = this.#servers.of(serverOf(name));
    const beganMs = endMs - serviceMs;
    if (held.open !== null) {
      const { fromMs, toMs } = held.open;
      const ms = toMs - fromMs;
      if (endMs > toMs + BEHIND * ms) close(held);
      else if (beganMs <= fromMs + BEGINNING * ms) held.open.waited += 1;
    }
    const ms = endMs - held.lastEndMs;
    if (ms >= SHORTEST_MS && beganMs <= held.lastEndMs + BEGINNING * ms) {
      held.open = { fromMs: held.lastEndMs, toMs: endMs, waited: 1 };
    }
    // The first one of all has nothing before it.
    held.lastEndMs = held.lastEndMs === Number.POSITIVE_INFINITY ? endMs : Math.max(held.lastEndMs, endMs);
  }

  add(section: Silences): void {
    for (const [server, theirs] of Object.entries(section)) {
      const held = this.#servers.of(server);
      held.silences += theirs.silences;
      held.waited += theirs.waited;
      addFactTimes(held.lengths, theirs.lengths);
    }
  }

  section(): Silences {
    // The last one is counted when an answer comes that is none of it.
    const all = this.#servers.record(({ silences, waited, lengths }) => ({
      silences,
      waited,
      lengths: factTimesOf(lengths),
    }));
    return Object.fromEntries(Object.entries(all).filter(([, { silences }]) => silences > 0));
  }
}

const close = (held: Held): void => {
  const { open } = held;
  held.open = null;
  if (open === null || open.waited < FEWEST_WAITED) return;
  held.silences += 1;
  held.waited += open.waited;
  held.lengths.record(toUs(open.toMs - open.fromMs));
};

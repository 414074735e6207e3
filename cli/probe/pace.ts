/** When the next probe is due: at planned moments, so that their distances do not grow by what a probe takes. */

import { setTimeout as wait } from "node:timers/promises";

export interface Pace {
  readonly everyMs: number;
  /** 0: once. */
  readonly forMs: number;
  readonly signal: AbortSignal;
}

export interface PaceClock {
  /** Monotonic, ms. */
  now(): number;
  /** Resolves after so long, or when the signal comes. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

const REAL: PaceClock = {
  now: () => performance.now(),
  wait: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined), // Aborted: the loop ends.
};

/** A moment that passed while the work went on is left out: probes that make up for others would be a burst. */
export const everySoOften = async (
  { everyMs, forMs, signal }: Pace,
  work: () => Promise<void>,
  clock: PaceClock = REAL,
): Promise<void> => {
  const startMs = clock.now();
  for (let moment = 0; !signal.aborted; ) {
    await work();
    // A timer may end a little early by this clock: the moment that it was for is not due once more.
    moment = Math.max(moment + 1, Math.ceil((clock.now() - startMs) / everyMs));
    if (moment * everyMs >= forMs) return;
    await clock.wait(moment * everyMs - (clock.now() - startMs), signal);
  }
};

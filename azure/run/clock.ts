/** Time, as the waits of a run see it: tests drive it by hand. */

import { setTimeout as after } from "node:timers/promises";

export interface Clock {
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
  /** Wall clock. */
  readonly date: () => Date;
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const REAL_CLOCK: Clock = {
  nowMs: () => performance.now(),
  date: () => new Date(),
  sleep: async (ms, signal) => {
    await after(ms, undefined, signal === undefined ? {} : { signal });
  },
};

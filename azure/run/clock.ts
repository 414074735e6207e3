/** Time, as the waits of a run see it: tests drive it by hand. */

import { setTimeout as after } from "node:timers/promises";

export interface Clock {
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
  /** Wall clock. */
  readonly date: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}

export const REAL_CLOCK: Clock = {
  nowMs: () => performance.now(),
  date: () => new Date(),
  sleep: async (ms) => {
    await after(ms);
  },
};

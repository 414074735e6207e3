import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "../fault.ts";

/** By count and not by time: a slow machine makes fewer calls, and has no more of them blocked. */
const EVERY_CALLS = 60;
const BLOCKED_MS = 600;
/** Long enough for calls to be there that wait. */
const WORK_MS = 60;

export const eventLoopBlocked = (): Fault => {
  let calls = 0;
  return {
    about: `one call in ${EVERY_CALLS} computes for ${BLOCKED_MS} ms in one piece, and nobody else is served`,
    work: async (_tool, query) => {
      calls += 1;
      const untilMs = performance.now() + (calls % EVERY_CALLS === 0 ? BLOCKED_MS : 0);
      while (performance.now() < untilMs);
      await wait(WORK_MS);
      return query;
    },
  };
};

import type { Fault } from "../fault.ts";

const CALLS_PER_SECOND = 5;

export const rateLimited = (): Fault => {
  let tokens = CALLS_PER_SECOND;
  let atMs = performance.now();
  return {
    about: `answers 429 to more than ${CALLS_PER_SECOND} calls a second`,
    refuseCall: () => {
      const nowMs = performance.now();
      tokens = Math.min(CALLS_PER_SECOND, tokens + ((nowMs - atMs) / 1000) * CALLS_PER_SECOND);
      atMs = nowMs;
      if (tokens < 1) return { status: 429, message: "slow down", retryAfterS: 1 };
      tokens -= 1;
      return null;
    },
  };
};

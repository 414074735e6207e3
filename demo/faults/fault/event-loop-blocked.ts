import type { Fault } from "../fault.ts";
import { healthyWork } from "../healthy-work.ts";

const EVERY_MS = 800;
const BLOCKED_MS = 500;

export const eventLoopBlocked = (): Fault => {
  let freeUntilMs = performance.now() + EVERY_MS;
  return {
    about: `now and then a call computes for ${BLOCKED_MS} ms in one piece, and nobody else is served`,
    work: (tool, query) => {
      const startMs = performance.now();
      if (startMs >= freeUntilMs) {
        while (performance.now() < startMs + BLOCKED_MS);
        freeUntilMs = performance.now() + EVERY_MS;
      }
      return healthyWork(tool, query);
    },
  };
};

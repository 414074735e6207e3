import type { Fault } from "../fault.ts";
import { healthyWork } from "../healthy-work.ts";

const KEPT_BYTES = 200 * 1024;

export const leaking = (): Fault => {
  const kept: Buffer[] = [];
  return {
    about: `keeps ${KEPT_BYTES / 1024} KiB of each call for ever (GET /memory tells how much it has)`,
    work: (tool, query) => {
      // Filled: memory that nobody has written to is not resident.
      kept.push(Buffer.alloc(KEPT_BYTES, 1));
      return healthyWork(tool, query);
    },
  };
};

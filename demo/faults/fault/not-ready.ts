import type { Fault } from "../fault.ts";

const NOT_READY_MS = 3_000;

export const notReady = (): Fault => ({
  about: `listens ${NOT_READY_MS / 1000} s after its start`,
  closedForMs: NOT_READY_MS,
});

/** By count and not by time: what its clients get to see is then the same on every machine. */
const REFUSED = 20;

export const notReady503 = (): Fault => {
  let asked = 0;
  return {
    about: `answers 503 to the first ${REFUSED} requests`,
    refuse: () => {
      asked += 1;
      return asked <= REFUSED ? { status: 503, message: "starting" } : null;
    },
  };
};

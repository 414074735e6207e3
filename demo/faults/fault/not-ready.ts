import type { Fault } from "../fault.ts";

const NOT_READY_MS = 3_000;

export const notReady = (): Fault => ({
  about: `listens ${NOT_READY_MS / 1000} s after its start`,
  closedForMs: NOT_READY_MS,
});

export const notReady503 = (): Fault => {
  let readyMs: number | null = null;
  return {
    about: `begins to start when it is first asked, and answers 503 for ${NOT_READY_MS / 1000} s`,
    refuse: () => {
      readyMs ??= performance.now() + NOT_READY_MS;
      return performance.now() < readyMs ? { status: 503, message: "starting" } : null;
    },
  };
};

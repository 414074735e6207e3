import type { Fault } from "../fault.ts";

const NOT_READY_MS = 3_000;

export const notReady = (): Fault => ({
  about: `listens ${NOT_READY_MS / 1000} s after its start`,
  closedForMs: NOT_READY_MS,
});

export const notReady503 = (): Fault => {
  const readyMs = performance.now() + NOT_READY_MS;
  return {
    about: `listens at once, and answers 503 for ${NOT_READY_MS / 1000} s`,
    refuse: () => (performance.now() < readyMs ? { status: 503, message: "starting" } : null),
  };
};

/** Makes a call again as long as that may help. What is tried again is in one table; time is handed in. */

import { setTimeout as sleep } from "node:timers/promises";
import { AzureError } from "../azure-error.ts";

/** Time and chance, as a retry sees them. */
export interface RetryClock {
  /** Monotonic ms. */
  readonly nowMs: () => number;
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** From 0 to below 1. */
  readonly random: () => number;
}

export const REAL_CLOCK: RetryClock = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
  random: Math.random,
};

/** The answers that Azure's own clients ask again after. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);
/** However soon the service would like to see us again. */
const SHORTEST_PAUSE_MS = 200;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Every call here may be made twice: a test, a file and a run are named by whoever writes them, and to stop or delete a
 * second time changes nothing.
 * @param limitMs from the first attempt to the beginning of the last
 * @throws {AzureError} of the last attempt, when the limit leaves no room for the wait that the service asked for
 */
export const withRetries = async <Result>(
  attempt: () => Promise<Result>,
  {
    clock,
    limitMs,
    signal,
  }: { readonly clock: RetryClock; readonly limitMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Result> => {
  const beganMs = clock.nowMs();
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof AzureError) || !isPassing(error)) throw error;
      const wishMs = error.detail.retryAfterMs ?? backOffMs(failures, clock.random());
      const pauseMs = Math.max(wishMs, SHORTEST_PAUSE_MS);
      if (clock.nowMs() - beganMs + pauseMs > limitMs) throw error;
      await clock.sleep(pauseMs, signal);
    }
  }
};

const isPassing = ({ code, detail: { status } }: AzureError): boolean =>
  status === undefined ? code === "AZURE_UNREACHABLE" : PASSING.has(status);

/** Doubles up to the longest; between half of it and all of it, so that many clients do not come at once. */
const backOffMs = (failures: number, random: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS) * (0.5 + random / 2);

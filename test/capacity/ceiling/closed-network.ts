/**
 * A closed network on a simulated clock: sessions think, call, wait in one queue for one of the server's places, think again.
 * Its true p99 is known exactly where service and think times are exponential (`exact-ceiling.ts`).
 */

import { BATCHES, type StepMeasure } from "../../../capacity/ceiling/step.ts";
import { Times, toUs } from "../../../record/times.ts";
import { EventHeap } from "./event-heap.ts";

export interface Network {
  /** Calls that are served at once; Infinity: nobody ever waits. */
  readonly places: number;
  readonly serviceMs: number;
  readonly thinkMs: number;
  /** Sessions beyond this are refused. */
  readonly mostSessions?: number;
  /** Calls that waited so long for a place fail. */
  readonly waitLimitMs?: number;
}

export interface Simulation {
  readonly sessions: number;
  readonly random: () => number;
  readonly warmUpMs: number;
  readonly lengthMs: number;
}

/** mulberry32 */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const simulate = (network: Network, simulation: Simulation): StepMeasure => {
  const { places, serviceMs, thinkMs, mostSessions = Number.POSITIVE_INFINITY, waitLimitMs } = network;
  const { sessions, random, warmUpMs, lengthMs } = simulation;
  const opened = Math.min(sessions, mostSessions);
  const exponential = (meanMs: number): number => -meanMs * Math.log(1 - random());
  const endMs = warmUpMs + lengthMs;
  const batches = Array.from({ length: BATCHES }, () => ({ calls: 0, failures: 0, times: new Times() }));

  const done = (atMs: number, beganMs: number, isFailure: boolean): void => {
    const batch = batches[Math.floor(((atMs - warmUpMs) / lengthMs) * BATCHES)];
    if (batch === undefined) return;
    batch.calls += 1;
    if (isFailure) batch.failures += 1;
    else batch.times.record(toUs(atMs - beganMs));
  };

  /** When each call under way ends (with its begin), and when each thinking session calls next (with -1). */
  const events = new EventHeap();
  const waiting: number[] = [];
  let first = 0;
  let free = places;
  for (let session = 0; session < opened; session += 1) events.push(exponential(thinkMs), -1);
  const serve = (nowMs: number, beganMs: number): void => {
    free -= 1;
    events.push(nowMs + exponential(serviceMs), beganMs);
  };
  for (let event = events.pop(); event !== null && event.atMs < endMs; event = events.pop()) {
    const { atMs: nowMs, mark: beganMs } = event;
    if (beganMs < 0) {
      if (free > 0) serve(nowMs, nowMs);
      else waiting.push(nowMs);
      continue;
    }
    done(nowMs, beganMs, false);
    free += 1;
    events.push(nowMs + exponential(thinkMs), -1);
    while (free > 0 && first < waiting.length) {
      const since = waiting[first++] ?? 0;
      if (waitLimitMs !== undefined && nowMs - since > waitLimitMs) {
        // Counted when it would have been served: some moments late, and no call is lost.
        done(nowMs, since, true);
        events.push(nowMs + exponential(thinkMs), -1);
      } else serve(nowMs, since);
    }
  }
  return {
    sessions,
    opened,
    refused: sessions - opened,
    batches: batches.map((batch) => ({ ...batch, times: batch.times.buckets() })),
    seconds: lengthMs / 1000,
    endedInTime: null,
    saturation: [],
    cutOff: null,
    dir: null,
  };
};

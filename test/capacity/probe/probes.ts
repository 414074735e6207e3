import type { Probe } from "../../../capacity/probe/probe.ts";

/** Histories for tests: the same for the same seed. */

export const MINUTE_MS = 60_000;
export const START_MS = Date.UTC(2026, 2, 1, 10);

/** Mulberry32: numbers from 0 to 1. */
export const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Log-normal around a median, p90 at about twice of it. */
export const latency = (random: () => number, medianMs: number): number => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return medianMs * Math.exp(0.5 * normal);
};

interface Shape {
  readonly count: number;
  readonly everyMs?: number;
  readonly fromMs?: number;
  /** null: that one fails. */
  readonly ms: (index: number, atMs: number) => number | null;
}

export const history = ({ count, everyMs = MINUTE_MS, fromMs = START_MS, ms }: Shape): Probe[] =>
  Array.from({ length: count }, (_, index) => {
    const atMs = fromMs + index * everyMs;
    const initializeMs = ms(index, atMs);
    return initializeMs === null ? { atMs, isOk: false, reason: "timeout" } : { atMs, isOk: true, initializeMs };
  });

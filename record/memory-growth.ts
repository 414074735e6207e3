/**
 * How a server's memory grew over a run, by calls and by time, from where it was warm. docs/soak.md says the rules in words; a
 * leak is named, or not, by the diagnosis.
 */

import type { MemoryReading } from "./facts/server-memory.ts";
import { ownValue } from "./own-value.ts";
import type { RunRecord } from "./read-run.ts";
import { fullSeconds, type ServerSecond, serverSeconds } from "./server-seconds.ts";
import { type Slope, slopeOf } from "./trend.ts";

const MB = 1_000_000;

/** What growth is too much: the quick test of leaks and the strict one. */
export const MEMORY_PROFILES = {
  quick: { calls: 500, bytes: 50 * MB },
  strict: { calls: 1_000, bytes: 10 * MB },
} as const;
export type MemoryProfile = keyof typeof MEMORY_PROFILES;

/** Calls before the first reading that counts: code is compiled, caches and pools are filled. */
const WARM_UP_CALLS = 10;

export interface MemoryGrowth {
  /** Those from where the server was warm. */
  readonly readings: number;
  readonly firstBytes: number;
  readonly lastBytes: number;
  /** Between these two. */
  readonly spanMs: number;
  readonly calls: number;
  /** Bytes; null for too few readings, or when nothing was called. */
  readonly perCall: Slope | null;
  readonly perMinute: Slope | null;
  /** Of the second half alone: what only fills up slows down, what leaks does not. */
  readonly latePerCall: Slope | null;
  /** Bytes over the calls of the profile; null when the run had fewer. */
  readonly profiles: Readonly<Record<MemoryProfile, { readonly bytes: number; readonly isTooMuch: boolean } | null>>;
}

/** @returns null when no reading counts */
export const memoryGrowth = (record: RunRecord, server: string): MemoryGrowth | null => {
  const { serverMemory = {} } = record.file.facts;
  const readings = ownValue(serverMemory, server)?.readings ?? [];
  if (readings.length === 0) return null;
  const originMs = Math.floor(Date.parse(record.file.startedAt) / 1000) * 1000;
  return growthOf(readings, serverSeconds(record, server), originMs);
};

/** @param originMs wall clock of the second 0 */
export const growthOf = (
  readings: readonly MemoryReading[],
  seconds: readonly ServerSecond[],
  originMs: number,
): MemoryGrowth | null => {
  const callsAt = callCounter(seconds, originMs);
  // Sessions cost memory by themselves: only from where they are nearly all there is growth a fault.
  const fullFromMs = originMs + (fullSeconds(seconds)[0]?.second ?? 0) * 1000;
  const warm = readings
    .map(({ atMs, bytes }) => ({ atMs, bytes, calls: callsAt(atMs) }))
    .filter(({ atMs, calls }) => atMs >= fullFromMs && calls >= WARM_UP_CALLS);
  const [first, last] = [warm[0], warm.at(-1)];
  if (first === undefined || last === undefined) return null;
  const byCall = warm.map(({ calls, bytes }) => ({ x: calls, y: bytes }));
  const perCall = slopeOf(byCall);
  const calls = last.calls - first.calls;
  const profile = (name: MemoryProfile) => {
    const { calls: needed, bytes: limit } = MEMORY_PROFILES[name];
    if (perCall === null || calls < needed) return null;
    const bytes = perCall.slope * needed;
    return { bytes, isTooMuch: bytes >= limit };
  };
  return {
    readings: warm.length,
    firstBytes: first.bytes,
    lastBytes: last.bytes,
    spanMs: last.atMs - first.atMs,
    calls,
    perCall,
    perMinute: slopeOf(warm.map(({ atMs, bytes }) => ({ x: (atMs - first.atMs) / 60_000, y: bytes }))),
    latePerCall: slopeOf(byCall.slice(Math.floor(byCall.length / 2))),
    profiles: { quick: profile("quick"), strict: profile("strict") },
  };
};

/** Tool calls that had ended at a moment; within a second of the timeline they count as evenly spread. */
const callCounter = (seconds: readonly ServerSecond[], originMs: number) => {
  let sum = 0;
  const rows = seconds.map(({ second, calls }) => {
    const row = { fromMs: originMs + second * 1000, before: sum, calls };
    sum += calls;
    return row;
  });
  return (atMs: number): number => {
    // The last row that begins at or before the moment, by halving: a soak has a row and a reading for each of its seconds.
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((rows[middle]?.fromMs ?? atMs) <= atMs) low = middle + 1;
      else high = middle;
    }
    const row = rows[low - 1];
    return row === undefined ? 0 : row.before + row.calls * Math.min(1, (atMs - row.fromMs) / 1000);
  };
};

/** Memory that grows with the calls, as fast at the end as before: docs/soak.md. A cache that fills up slows down. */
import { countText, durationText } from "../../record/duration-text.ts";
import { MEMORY_PROFILES, type MemoryGrowth } from "../../record/memory-growth.ts";
import { mbText } from "../../record/memory-lines.ts";
import type { ServerView } from "../server-view.ts";

/** From when a slow leak can be told from a heap that settles. */
const SOAK_MS = 10 * 60_000;
/** Of the memory at the beginning, and at least the strict profile's. */
const SOAK_SHARE = 0.25;
/** A leak keeps at least this much of its pace. */
const LATE_PACE = 0.5;

export const memoryLeak = ({ memory }: ServerView): string | null => {
  if (memory === null || !goesOn(memory) || !(isFast(memory) || isSoaked(memory))) return null;
  const { perCall, calls, firstBytes, lastBytes, spanMs } = memory;
  const grown = perCall === null ? "" : `, ${mbText(perCall.slope * 1000)} MB per 1,000 calls`;
  return `memory grew from ${mbText(firstBytes)} to ${mbText(lastBytes)} MB over ${countText(Math.round(calls))} calls in ${durationText(spanMs)}${grown}, as fast at the end as before`;
};

const goesOn = ({ perCall, latePerCall }: MemoryGrowth): boolean =>
  perCall !== null && latePerCall !== null && latePerCall.low > 0 && latePerCall.slope >= LATE_PACE * perCall.slope;

/** The lower end of what the readings allow is over the quick profile already. */
const isFast = ({ perCall, calls }: MemoryGrowth): boolean => {
  const { quick } = MEMORY_PROFILES;
  return calls >= quick.calls && (perCall?.low ?? 0) * quick.calls >= quick.bytes;
};

const isSoaked = ({ perCall, calls, spanMs, firstBytes }: MemoryGrowth): boolean => {
  const { strict } = MEMORY_PROFILES;
  const grownBytes = (perCall?.low ?? 0) * calls;
  return spanMs >= SOAK_MS && calls >= strict.calls && grownBytes >= Math.max(strict.bytes, SOAK_SHARE * firstBytes);
};

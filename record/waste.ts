/**
 * What failed calls cost an agent: seconds until it was told, and tokens for what it wrote, what it read, and what it
 * writes once more to try again. Tokens are an estimate, made of bytes; nobody counted them.
 */
import { entriesOf } from "./entries-of.ts";
import { REASONS } from "./reason.ts";
import type { RunFile } from "./run-file.ts";

/** Of English text and JSON, as models usually cut it. No model's own count. */
export const BYTES_PER_TOKEN = 4;

/** What a model writes itself and reads the answer of. */
const CALLS = /^[^:]*:(tools\/call|resources\/read|prompts\/get|completion\/complete)(:|$)/;

export interface Waste {
  readonly calls: number;
  /** Not for reasons of ours, such as the end of the run. */
  readonly failures: number;
  /** From meaning to call to being told of the failure. */
  readonly seconds: number;
  /** Failures of which no time is known: `seconds` lacks them. */
  readonly untimed: number;
  readonly tokens: number;
}

/** @returns null when there was no call */
export const wasteOf = ({ operations }: Pick<RunFile, "operations">, bytesPerToken = BYTES_PER_TOKEN): Waste | null => {
  const sum = { calls: 0, failures: 0, ms: 0, timed: 0, bytes: 0 };
  for (const [name, { count, bytesIn, bytesOut, outcomes }] of Object.entries(operations)) {
    if (!CALLS.test(name) || count === 0) continue;
    let failures = 0;
    let ours = 0;
    for (const [outcome, { count: ended, times }] of entriesOf(outcomes)) {
      if (outcome === "ok") continue;
      if (REASONS[outcome].family === "ours") {
        ours += ended;
        continue;
      }
      failures += ended;
      const time = times.response ?? times.service;
      sum.ms += time?.sumMs ?? 0;
      sum.timed += time?.count ?? 0;
    }
    sum.calls += count - ours;
    sum.failures += failures;
    // Bytes are kept by operation, not by outcome: those of an average call stand in. Written twice, read once.
    sum.bytes += (failures / count) * (2 * bytesOut + bytesIn);
  }
  if (sum.calls === 0) return null;
  return {
    calls: sum.calls,
    failures: sum.failures,
    seconds: sum.ms / 1000,
    untimed: Math.max(0, sum.failures - sum.timed),
    tokens: Math.round(sum.bytes / bytesPerToken),
  };
};

/** The same for as many calls as a person can imagine. */
export const perThousand = (amount: number, { calls }: Waste): number => (1000 * amount) / calls;

/** What a generator of this comparison is told and says at its end, by the same way as those of the speed bench. */
import type { Assignment } from "../assignment.ts";
import { REVISION } from "../workload.ts";
import { ARRIVALS_PER_SECOND, type Cell, thinkMsOf } from "./cell.ts";

export interface TruthTask extends Assignment {
  readonly thinkMs: number;
  /** Null for users who wait for their answers. */
  readonly arrivalsPerSecond: number | null;
  readonly seed: number;
}

/** Milliseconds. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** A call by its number, and what the tool says of it: how long it took, or when something was. */
export type Sample = readonly [number: number, ms: number];

export interface TruthReport {
  readonly samples: readonly Sample[];
  /** When each call was handed to the socket, by the tool's own clock; empty where it does not say. */
  readonly sent: readonly Sample[];
  readonly failures: number;
  /** Of the window, by the wall clock. */
  readonly fromMs: number;
  readonly toMs: number;
  /** What the tool's own table says of the same calls; null where it has none. */
  readonly table: Percentiles | null;
}

export interface Lengths {
  readonly warmUpMs: number;
  readonly windowMs: number;
}

export const taskFor = (cell: Cell, url: string, { warmUpMs, windowMs }: Lengths, seed: number): TruthTask => ({
  users: cell.users,
  answer: cell.kind === "sse" ? "sse" : "json",
  era: "session",
  url,
  revision: REVISION.session,
  tool: "timed",
  toolArguments: {},
  warmUpMs,
  windowMs,
  thinkMs: thinkMsOf(cell),
  arrivalsPerSecond: cell.load === "arrivals" ? ARRIVALS_PER_SECOND : null,
  seed,
});

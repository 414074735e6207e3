/** One operation that is exported as a trace. Plain data: it passes between threads. */
import type { Outcome } from "../../record/reason.ts";
import type { Failure, Operation } from "../operation.ts";
import { newTraceContext, type TraceContext } from "./trace-context.ts";

export interface CallSpan extends TraceContext {
  /** Name in the statistics. */
  readonly name: string;
  readonly server: string;
  readonly outcome: Outcome;
  /** Bounded, and without any secret; empty where there is nothing to say. */
  readonly detail: string;
  /** JSON-RPC error code or HTTP status. */
  readonly code: number | null;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  /** From one stamp to the next (docs/measurement.md); those that were not reached are not there. */
  readonly phases: readonly { readonly name: Phase; readonly startMs: number; readonly endMs: number }[];
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly underWay: number;
}

export const PHASES = ["connect", "headers", "first event", "rest of the answer"] as const;
export type Phase = (typeof PHASES)[number];

interface Ended {
  readonly operation: Operation;
  readonly name: string;
  readonly server: string;
  readonly outcome: Outcome;
  readonly failure: Failure | null;
  /** Monotonic clock. */
  readonly endMs: number;
}

/** @param redact takes secrets out of a name and of a detail */
export const callSpan = (
  { operation, name, server, outcome, failure, endMs }: Ended,
  redact: (text: string) => string,
): CallSpan => {
  const { dispatchedMs, sentMs, headersMs, firstEventMs, bytesIn, bytesOut, underWay } = operation;
  const onWall = (ms: number): number => performance.timeOrigin + ms;
  // One that never reached the dispatcher began when its user meant it to.
  const startMs = dispatchedMs > 0 ? dispatchedMs : Math.min(operation.intendedMs, endMs);
  const stamps = [startMs, sentMs, headersMs, firstEventMs, endMs];
  const phases = PHASES.flatMap((phase, index) => {
    const from = stamps[index] ?? 0;
    const to = stamps[index + 1] ?? 0;
    return from > 0 && to >= from ? [{ name: phase, startMs: onWall(from), endMs: onWall(to) }] : [];
  });
  return {
    ...(operation.trace ?? newTraceContext(true)),
    ...{ name: redact(name), server, outcome, detail: redact(failure?.detail ?? ""), code: failure?.code ?? null },
    ...{ startMs: onWall(startMs), endMs: onWall(endMs), phases, bytesIn, bytesOut, underWay },
  };
};

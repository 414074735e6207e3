/**
 * Chooses the operations that are exported as traces: slow and failed ones, so many a second and no more. All that a good and
 * quick operation costs is a comparison, and its ids where they are sent to the server.
 */
import type { TelemetrySettings } from "../../config/telemetry-settings.ts";
import type { Sample } from "../../record/sample.ts";
import type { Failure, Operation } from "../operation.ts";
import { type CallSpan, callSpan } from "./call-span.ts";
import { newTraceContext, type TraceContext, traceparent } from "./trace-context.ts";

/** When every call fails, the first ones of each second say it. */
export const MOST_A_SECOND = 20;
/** Of a collector that takes nothing, what is worth keeping: the newest. */
export const MOST_WAITING = 2048;

type Params = Readonly<Record<string, unknown>>;

interface Ended {
  readonly operation: Operation;
  readonly sample: Sample;
  readonly server: string;
  readonly failure: Failure | null;
}

export class CallTracer {
  readonly #settings: TelemetrySettings;
  readonly #redact: (text: string) => string;
  readonly #waiting: CallSpan[] = [];
  #second = Number.NEGATIVE_INFINITY;
  #inSecond = 0;
  #dropped = 0;

  constructor(settings: TelemetrySettings, redact: (text: string) => string) {
    this.#settings = settings;
    this.#redact = redact;
  }

  /** Slow and failed ones that were not taken, since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @returns what is to be sent with an operation; null when nothing is */
  context(): TraceContext | null {
    const { traceContext, traces } = this.#settings;
    return traceContext ? newTraceContext(traces !== "off") : null;
  }

  /** An operation has been counted. */
  ended({ operation, sample, server, failure }: Ended): void {
    if (!this.#isWanted(sample)) return;
    const { name, outcome, endMs } = sample;
    const second = Math.floor(endMs / 1000);
    // They do not end in order: one of the second before must not begin the count anew.
    if (second > this.#second) {
      this.#second = second;
      this.#inSecond = 0;
    }
    this.#inSecond += 1;
    if (this.#inSecond > MOST_A_SECOND) {
      this.#dropped += 1;
      return;
    }
    if (this.#waiting.length >= MOST_WAITING) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#waiting.push(callSpan({ operation, name, server, outcome, failure, endMs }, this.#redact));
  }

  /** What has come since this was last called. */
  take(): CallSpan[] {
    return this.#waiting.splice(0);
  }

  /** A cancelled one was ended by its user or with the run: nothing is to be found out about it. */
  #isWanted({ outcome, serviceMs = 0 }: Sample): boolean {
    const { traces, slowMs } = this.#settings;
    if (traces === "off" || outcome === "cancelled") return false;
    return outcome !== "ok" || (traces === "slow-and-failed" && serviceMs >= slowMs);
  }
}

/**
 * The same params with the context in `_meta`, where MCP has its place for it; a context that the test itself sends stays.
 * @see MCP, 2026-07-28, basic, `_meta` (SEP-414)
 */
export const withTraceContext = (operation: Operation, params: Params): Params => {
  const { trace } = operation;
  if (trace === null) return params;
  const meta = (params._meta ?? {}) as Params;
  if (meta.traceparent === undefined) return { ...params, _meta: { ...meta, traceparent: traceparent(trace) } };
  operation.trace = null;
  return params;
};

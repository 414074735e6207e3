/** The W3C trace context of one operation: what is sent to a server, and the ids of the span that is exported for it. */
import { randomFillSync } from "node:crypto";

export interface TraceContext {
  /** 32 and 16 hexadecimal digits, not all zero. */
  readonly traceId: string;
  readonly spanId: string;
  /** Whether our side may record it. Most servers' tracers then record their part, too. */
  readonly isSampled: boolean;
}

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
/** Ids are drawn from a pool: a call to the generator for each would be most of their cost. */
const pool = Buffer.alloc(8192);
let at = pool.length;

export const newTraceContext = (isSampled: boolean): TraceContext => ({
  traceId: randomHex(TRACE_BYTES),
  spanId: newSpanId(),
  isSampled,
});

export const newSpanId = (): string => randomHex(SPAN_BYTES);

/** @see https://www.w3.org/TR/trace-context/#traceparent-header */
export const traceparent = ({ traceId, spanId, isSampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;

const randomHex = (bytes: number): string => {
  if (at + bytes > pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  const hex = pool.toString("hex", at, at + bytes);
  at += bytes;
  return hex;
};

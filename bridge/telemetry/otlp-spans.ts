/** Operations as spans of OpenTelemetry: one of kind CLIENT, and below it one for each phase on the wire. */
import {
  type Attributes,
  type HrTime,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
} from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { errorType, nameInWords } from "./attributes.ts";
import type { CallSpan } from "./call-span.ts";
import { newSpanId } from "./trace-context.ts";

export const SCOPE = { name: "swarmbridge" } as const;

export const readableSpans = (calls: readonly CallSpan[], resource: Resource): ReadableSpan[] =>
  calls.flatMap((call) => {
    const own = contextOf(call.traceId, call.spanId);
    const phases = call.phases.map(({ name, startMs, endMs }) =>
      span({ resource, context: contextOf(call.traceId, newSpanId()), parent: own, name, startMs, endMs }),
    );
    const { title, attributes } = nameInWords(call.name);
    const { startMs, endMs, outcome, detail, bytesIn, bytesOut, underWay } = call;
    const failed = outcome !== "ok";
    const whole = span({
      ...{ resource, context: own, name: title, startMs, endMs },
      kind: SpanKind.CLIENT,
      attributes: {
        ...attributes,
        "swarmbridge.bytes_in": bytesIn,
        "swarmbridge.bytes_out": bytesOut,
        "swarmbridge.under_way": underWay,
        ...(failed && { "error.type": errorType(outcome) }),
        ...statusCode(call),
      },
      // UNSET, and not OK, is what the specification wants of a client that found no fault.
      status: failed ? { code: SpanStatusCode.ERROR, message: detail } : { code: SpanStatusCode.UNSET },
    });
    return [whole, ...phases];
  });

/** A failure has one code. A session may be lost by either kind; only JSON-RPC's are below zero there. */
const statusCode = ({ outcome, code }: CallSpan): Attributes => {
  if (code === null) return {};
  const isRpc = outcome === "json-rpc-error" || code < 0;
  return isRpc ? { "rpc.response.status_code": String(code) } : { "http.response.status_code": code };
};

const contextOf = (traceId: string, spanId: string): SpanContext => ({
  traceId,
  spanId,
  traceFlags: TraceFlags.SAMPLED,
});

interface Parts extends Partial<Pick<ReadableSpan, "kind" | "attributes" | "status">> {
  readonly resource: Resource;
  readonly context: SpanContext;
  readonly parent?: SpanContext;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

const span = ({ resource, context, parent, name, startMs, endMs, ...rest }: Parts): ReadableSpan => ({
  name,
  kind: SpanKind.INTERNAL,
  status: { code: SpanStatusCode.UNSET },
  attributes: {},
  ...rest,
  spanContext: () => context,
  ...(parent !== undefined && { parentSpanContext: parent }),
  startTime: hrTime(startMs),
  endTime: hrTime(endMs),
  duration: hrTime(endMs - startMs),
  links: [],
  events: [],
  ended: true,
  resource,
  instrumentationScope: SCOPE,
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
});

/** Seconds and nanoseconds. */
export const hrTime = (ms: number): HrTime => {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1_000_000)];
};

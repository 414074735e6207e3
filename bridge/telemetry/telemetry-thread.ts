/**
 * The thread that talks to an OpenTelemetry collector: encoding, waiting and trying again happen here, so that a slow or dead
 * collector costs no call anything. Metrics are cumulative: of those that wait only the newest are worth sending.
 */
import { parentPort, workerData } from "node:worker_threads";
import { ProtobufMetricsSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { MetricFamily } from "../../record/metrics/metric-family.ts";
import { type Refusal, sendTo } from "./collector-request.ts";
import { resourceMetrics } from "./otlp-metrics.ts";
import { hrTime, readableSpans } from "./otlp-spans.ts";
import { type Batch, SignalSender } from "./signal-sender.ts";
import { SpanQueue } from "./span-queue.ts";
import type { FromTelemetry, TelemetryStart, ToTelemetry } from "./telemetry-messages.ts";

/** Operations in one request. */
const MOST_IN_REQUEST = 256;
const NOTHING = new Uint8Array();

interface Metrics {
  readonly families: readonly MetricFamily[];
  readonly nowMs: number;
}

export const runTelemetryThread = (): void => {
  const port = parentPort;
  if (port === null) return;
  const { settings, resource: attributes, startMs } = workerData as TelemetryStart;
  const { endpoint, headers } = settings;
  const resource = resourceFromAttributes(attributes);
  const say = (message: FromTelemetry): void => port.postMessage(message);
  const told = (refusal: Refusal | null): void => {
    if (refusal !== null) say({ op: "refused", why: refusal.why });
  };
  const senderOf = (signal: string, next: () => Batch | null): SignalSender =>
    new SignalSender(next, (body) => sendTo({ url: `${endpoint}/v1/${signal}`, headers }, body));

  let newest: Metrics | null = null;
  const metrics = senderOf("metrics", () => {
    const sent = newest;
    if (sent === null) return null;
    newest = null;
    const span = { startTime: hrTime(startMs), endTime: hrTime(sent.nowMs) };
    return {
      body: ProtobufMetricsSerializer.serializeRequest(resourceMetrics(sent.families, resource, span)) ?? NOTHING,
      ended: (refusal) => {
        told(refusal);
        if (refusal?.isPassing) newest ??= sent;
      },
    };
  });

  const queue = new SpanQueue();
  const traces = senderOf("traces", () => {
    const calls = queue.take(MOST_IN_REQUEST);
    if (calls.length === 0) return null;
    return {
      body: ProtobufTraceSerializer.serializeRequest(readableSpans(calls, resource)) ?? NOTHING,
      ended: (refusal) => {
        told(refusal);
        if (refusal === null) say({ op: "spans", taken: calls.length, lost: 0 });
        else say({ op: "spans", taken: 0, lost: refusal.isPassing ? queue.putBack(calls) : calls.length });
      },
    };
  });

  port.on("message", async ({ families, spans, nowMs, isLast }: ToTelemetry) => {
    if (families !== null) newest = { families, nowMs };
    const lost = queue.add(spans);
    if (lost > 0) say({ op: "spans", taken: 0, lost });
    if (isLast) {
      const refusals = await Promise.all([metrics.finish(), traces.finish()]);
      say({ op: "done", why: refusals.find((refusal) => refusal !== null)?.why ?? null });
      return;
    }
    metrics.wake();
    traces.wake();
  });
};

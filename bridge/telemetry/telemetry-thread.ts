/**
 * The thread that talks to an OpenTelemetry collector, by the official exporters: encoding, waiting and trying again happen
 * here, so that a slow or dead collector costs no call anything. Metrics are cumulative: of those that wait only the newest
 * are worth sending.
 */
import { parentPort, workerData } from "node:worker_threads";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { MetricFamily } from "../../record/metrics/metric-family.ts";
import type { CallSpan } from "./call-span.ts";
import { MOST_WAITING } from "./call-tracer.ts";
import { resourceMetrics } from "./otlp-metrics.ts";
import { hrTime, readableSpans } from "./otlp-spans.ts";
import type { FromTelemetry, TelemetryStart, ToTelemetry } from "./telemetry-messages.ts";

/** For one request with all its repetitions; the exporter waits between them, a little longer each time. */
const LIMIT_MS = 8_000;
/** Operations in one request. */
const MOST_IN_REQUEST = 256;

interface Metrics {
  readonly families: readonly MetricFamily[];
  readonly nowMs: number;
}

/** What an exporter calls when it is done; 0 is success. */
interface Result {
  readonly code: number;
  readonly error?: Error;
}

export const runTelemetryThread = (): void => {
  const port = parentPort;
  if (port === null) return;
  const { settings, resource: attributes, startMs } = workerData as TelemetryStart;
  const { endpoint, headers } = settings;
  const options = (signal: string) => ({
    url: `${endpoint}/v1/${signal}`,
    headers: { ...headers },
    timeoutMillis: LIMIT_MS,
    concurrencyLimit: 1,
  });
  const metrics = new OTLPMetricExporter(options("metrics"));
  const traces = new OTLPTraceExporter(options("traces"));
  const resource = resourceFromAttributes(attributes);
  const say = (message: FromTelemetry): void => port.postMessage(message);
  const span = (nowMs: number) => ({ startTime: hrTime(startMs), endTime: hrTime(nowMs) });

  let newest: Metrics | null = null;
  let waiting: CallSpan[] = [];
  let isSending = false;
  let isLast = false;

  const sendMetrics = async ({ families, nowMs }: Metrics): Promise<void> => {
    const data = resourceMetrics(families, resource, span(nowMs));
    const why = await refusal((done) => metrics.export(data, done));
    if (why !== null) say({ op: "refused", why, spans: 0 });
  };
  const sendSpans = async (): Promise<void> => {
    const calls = waiting.splice(0, MOST_IN_REQUEST);
    if (calls.length === 0) return;
    const why = await refusal((done) => traces.export(readableSpans(calls, resource), done));
    if (why !== null) say({ op: "refused", why, spans: calls.length });
  };
  const sendAll = async (): Promise<void> => {
    if (isSending) return;
    isSending = true;
    while (newest !== null || waiting.length > 0) {
      const message = newest;
      newest = null;
      await Promise.all([message === null ? null : sendMetrics(message), sendSpans()]);
    }
    isSending = false;
    if (isLast) say({ op: "done" });
  };

  port.on("message", (message: ToTelemetry) => {
    if (message.families !== null) newest = { families: message.families, nowMs: message.nowMs };
    isLast ||= message.isLast;
    const kept = [...waiting, ...message.spans];
    waiting = kept.slice(-MOST_WAITING);
    if (kept.length > waiting.length) say({ op: "refused", why: "", spans: kept.length - waiting.length });
    void sendAll();
  });
};

/** @returns null when it was taken. What a collector answered is not repeated: it may quote what it was sent. */
const refusal = (send: (done: (result: Result) => void) => void): Promise<string | null> =>
  new Promise((resolve) => {
    send(({ code, error }) => {
      const status = (error as { readonly code?: unknown } | undefined)?.code;
      if (code === 0) resolve(null);
      else if (typeof status === "number") resolve(`HTTP ${status}`);
      else resolve(typeof status === "string" ? status : "no answer in time");
    });
  });

/** The `telemetry` key: where OpenTelemetry is sent while a run goes on, and what of it. Absent, nothing is sent. */

import * as z from "zod";
import { headersSchema } from "./headers-schema.ts";
import { section } from "./section.ts";
import { urlSchema } from "./url-schema.ts";

export const TRACES = ["slow-and-failed", "failed", "off"] as const;
const TRACES_RULE = `must be one of ${TRACES.join(", ")}`;
const SLOW_RULE = "must be a number of milliseconds from 1 to 3600000";
const SWITCH_RULE = "must be true or false";

/** Paths are added to it. */
export const collectorSchema = urlSchema.refine(
  (text) => !text.includes("?"),
  "must not have a query (?...): paths are added to it, and a key for the collector goes into headers",
);

export const telemetrySchema = section({
  endpoint: collectorSchema.optional().meta({
    description:
      "Address of an OpenTelemetry collector (OTLP over HTTP); /v1/metrics and /v1/traces are added to it. Absent: OTEL_EXPORTER_OTLP_ENDPOINT.",
    examples: ["http://127.0.0.1:4318"],
  }),
  headers: headersSchema.meta({
    description: "Headers for the collector, beside those of OTEL_EXPORTER_OTLP_HEADERS. Secrets come from variables.",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation itself
    examples: [{ authorization: "Bearer ${OTLP_TOKEN}" }],
  }),
  traces: z
    .enum(TRACES, TRACES_RULE)
    .default("slow-and-failed")
    .meta({ description: "Which operations are sent as traces, at most 20 a second." }),
  slowMs: z
    .number(SLOW_RULE)
    .min(1, SLOW_RULE)
    .max(3_600_000, SLOW_RULE)
    .default(1000)
    .meta({ description: "An operation is slow from this service time on, in ms." }),
  traceContext: z.boolean(SWITCH_RULE).default(false).meta({
    description:
      "Sends the W3C trace context with every operation, as the header traceparent and in _meta, so that a server's own traces join ours.",
  }),
})
  .optional()
  .meta({ description: "Sends metrics and traces to an OpenTelemetry collector while a run goes on." });

export type WrittenTelemetry = NonNullable<z.output<typeof telemetrySchema>>;

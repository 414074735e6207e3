/** What passes between the bridge's thread and the one that talks to the collector. */
import type { TelemetrySettings } from "../../config/telemetry-settings.ts";
import type { MetricFamily } from "../../record/metrics/metric-family.ts";
import type { CallSpan } from "./call-span.ts";

/** Tells this thread from others, in a bundle. */
export const TELEMETRY_THREAD = "telemetry";

/** `workerData` of the thread. */
export interface TelemetryStart {
  readonly thread: typeof TELEMETRY_THREAD;
  readonly settings: TelemetrySettings;
  /** Attributes of the resource: whose telemetry this is. */
  readonly resource: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
}

export interface ToTelemetry {
  /** Null: spans alone. */
  readonly families: readonly MetricFamily[] | null;
  readonly spans: readonly CallSpan[];
  readonly nowMs: number;
  /** The last one: answered with `done` when it has been sent, or cannot be. */
  readonly isLast: boolean;
}

export type FromTelemetry =
  /** Why the collector did not take something, in a few words. */
  | { readonly op: "refused"; readonly why: string }
  /** What became of operations: taken by the collector, or given up. */
  | { readonly op: "spans"; readonly taken: number; readonly lost: number }
  /** Why something of the last figures was not taken, or null. */
  | { readonly op: "done"; readonly why: string | null };

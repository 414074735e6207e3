/**
 * Sends a run's metrics every few seconds, and its slow and failed operations as traces, to an OpenTelemetry collector. Made
 * for one run, when the configuration asks for it; what it knows of the collector is one warning and two counts.
 */
import { Worker } from "node:worker_threads";
import type { TelemetrySettings } from "../../config/telemetry-settings.ts";
import type { MetricFamily } from "../../record/metrics/metric-family.ts";
import { type MetricsSource, runMetrics } from "../../record/metrics/run-metrics.ts";
import type { RunIdentity } from "../../record/recorder.ts";
import { within } from "../within.ts";
import { CallTracer } from "./call-tracer.ts";
import { type FromTelemetry, TELEMETRY_THREAD, type TelemetryStart, type ToTelemetry } from "./telemetry-messages.ts";

const EVERY_MS = 10_000;
/** Spans alone: what waits here is lost with a killed bridge. */
const SPANS_EVERY_MS = 1_000;
const MEMORY = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 8 };

export interface TelemetryOptions {
  readonly settings: TelemetrySettings;
  readonly identity: RunIdentity;
  readonly metrics: () => Promise<MetricsSource>;
  readonly redact: (text: string) => string;
  readonly note: (level: "info" | "warning", text: string) => void;
  readonly everyMs?: number;
}

export class Telemetry {
  readonly tracer: CallTracer;
  readonly #options: TelemetryOptions;
  readonly #worker: Worker;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #done = Promise.withResolvers<void>();
  #hasWarned = false;
  #lost = 0;
  #isOver = false;

  constructor(options: TelemetryOptions) {
    const { settings, redact, everyMs = EVERY_MS } = options;
    this.#options = options;
    this.tracer = new CallTracer(settings, redact);
    this.#worker = startThread(options);
    this.#worker.on("message", (message: FromTelemetry) => {
      if (message.op === "done") this.#done.resolve();
      else this.#refused(message.why, message.spans);
    });
    this.#worker.on("error", () => this.#refused("its thread was lost", 0));
    this.#worker.on("exit", () => this.#done.resolve());
    this.#timers = [
      setInterval(() => void this.#send(false), everyMs).unref(),
      setInterval(() => this.#sendSpans(), Math.min(SPANS_EVERY_MS, everyMs)).unref(),
    ];
  }

  /**
   * Sends the last figures and ends. While the run's recorder still answers.
   * @param limitMs for a collector that does not answer
   */
  async end(limitMs: number): Promise<void> {
    if (this.#isOver) return;
    for (const timer of this.#timers) clearInterval(timer);
    const isSent = await within(
      limitMs,
      this.#send(true).then(() => this.#done.promise),
    );
    if (!isSent) this.#refused("no answer in time", 0);
    this.#isOver = true;
    await this.#worker.terminate();
    const dropped = this.tracer.dropped + this.#lost;
    if (dropped > 0) {
      this.#options.note(
        "info",
        `${dropped} slow or failed operations were not sent as traces: there were more than are sent`,
      );
    }
  }

  async #send(isLast: boolean): Promise<void> {
    const families = runMetrics(await this.#options.metrics());
    this.#post([...families, this.#droppedFamily()], isLast);
  }

  #sendSpans(): void {
    const spans = this.tracer.take();
    if (spans.length > 0) this.#post(null, false, spans);
  }

  #post(families: ToTelemetry["families"], isLast: boolean, spans = this.tracer.take()): void {
    if (this.#isOver) return;
    this.#worker.postMessage({ families, spans, nowMs: Date.now(), isLast } satisfies ToTelemetry);
  }

  #droppedFamily(): MetricFamily {
    return {
      name: "swarmbridge_spans_dropped_total",
      type: "counter",
      help: "Slow or failed operations that were not sent as traces",
      samples: [{ labels: {}, value: this.tracer.dropped + this.#lost }],
    };
  }

  #refused(why: string, spans: number): void {
    this.#lost += spans;
    if (why === "" || this.#hasWarned || this.#isOver) return;
    this.#hasWarned = true;
    const { origin } = new URL(this.#options.settings.endpoint);
    this.#options.note(
      "warning",
      `the OpenTelemetry collector at ${origin} takes nothing (${why}): the run goes on and it is tried again; look at telemetry in loadtest.yaml`,
    );
  }
}

/** It sees no variable of the environment: the exporters would read OpenTelemetry's own there. */
const startThread = ({ settings, identity }: TelemetryOptions): Worker => {
  const here: string | undefined = import.meta.url;
  const entry = here === undefined ? (process.argv[1] ?? "") : new URL("./thread-entry.ts", here);
  const { id, part, startedAt, versions } = identity;
  const data: TelemetryStart = {
    thread: TELEMETRY_THREAD,
    settings,
    startMs: Date.parse(startedAt),
    resource: {
      "service.name": "swarmbridge",
      "service.version": versions.swarmbridge ?? "",
      "service.instance.id": part === null ? id : `${id}/${part}`,
      "swarmbridge.run": id,
    },
  };
  const worker = new Worker(entry, { workerData: data, env: {}, name: TELEMETRY_THREAD, resourceLimits: MEMORY });
  // The bridge ends when its link does.
  worker.unref();
  return worker;
};

/**
 * Sends a run's metrics every few seconds, and its slow and failed operations as traces, to an OpenTelemetry collector. Made
 * for one run, when the configuration asks for it; what it knows of the collector is two warnings and a few counts.
 */
import { Worker } from "node:worker_threads";
import type { TelemetrySettings } from "../../config/telemetry-settings.ts";
import type { MetricFamily } from "../../record/metrics/metric-family.ts";
import type { RunIdentity } from "../../record/recorder.ts";
import { within } from "../within.ts";
import { CallTracer, MOST_A_SECOND } from "./call-tracer.ts";
import { type FromTelemetry, TELEMETRY_THREAD, type TelemetryStart, type ToTelemetry } from "./telemetry-messages.ts";

const EVERY_MS = 10_000;
/** Spans alone: what waits here is lost with a killed bridge. */
const SPANS_EVERY_MS = 1_000;
const THREAD_LOST = "the thread that sends was lost";
const MEMORY = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 8 };

export interface TelemetryOptions {
  readonly settings: TelemetrySettings;
  readonly identity: RunIdentity;
  readonly metrics: () => Promise<readonly MetricFamily[]>;
  readonly redact: (text: string) => string;
  readonly note: (level: "info" | "warning", text: string) => void;
  readonly everyMs?: number;
}

export class Telemetry {
  readonly tracer: CallTracer;
  readonly #options: TelemetryOptions;
  readonly #worker: Worker;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #done = Promise.withResolvers<string | null>();
  #hasWarned = false;
  /** Operations that the thread was given, that the collector took, and that were given up. */
  readonly #spans = { given: 0, taken: 0, lost: 0 };
  #isLast = false;
  #isOver = false;

  constructor(options: TelemetryOptions) {
    const { settings, redact, everyMs = EVERY_MS } = options;
    this.#options = options;
    this.tracer = new CallTracer(settings, redact);
    this.#worker = startThread(options);
    this.#worker.on("message", (message: FromTelemetry) => {
      if (message.op === "done") this.#done.resolve(message.why);
      else if (message.op === "refused") this.#refused(message.why);
      else {
        this.#spans.taken += message.taken;
        this.#spans.lost += message.lost;
      }
    });
    this.#worker.on("error", () => this.#refused(THREAD_LOST));
    this.#worker.on("exit", () => this.#done.resolve(THREAD_LOST));
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
    this.#isLast = true;
    const isAnswered = await within(
      limitMs,
      this.#send(true).then(() => this.#done.promise),
    );
    this.#isOver = true;
    const why = isAnswered ? await this.#done.promise : "no answer in time";
    await this.#worker.terminate();
    if (why !== null) {
      this.#options.note(
        "warning",
        `the OpenTelemetry collector at ${this.#origin} did not take the run's last figures (${why}); look at telemetry in loadtest.yaml`,
      );
    }
    this.#sayMissing(this.tracer.dropped, `of those of a second the first ${MOST_A_SECOND} are`);
    const { given, taken } = this.#spans;
    this.#sayMissing(given + this.tracer.take().length - taken, "the collector did not take them");
  }

  #sayMissing(count: number, why: string): void {
    if (count === 0) return;
    this.#options.note("info", `slow or failed operations that were not sent as traces: ${count}; ${why}`);
  }

  async #send(isLast: boolean): Promise<void> {
    const families = await this.#options.metrics();
    this.#post([...families, this.#droppedFamily()], isLast);
  }

  #sendSpans(): void {
    const spans = this.tracer.take();
    if (spans.length > 0) this.#post(null, false, spans);
  }

  #post(families: ToTelemetry["families"], isLast: boolean, spans = this.tracer.take()): void {
    if (this.#isOver) return;
    this.#spans.given += spans.length;
    this.#worker.postMessage({ families, spans, nowMs: Date.now(), isLast } satisfies ToTelemetry);
  }

  #droppedFamily(): MetricFamily {
    return {
      name: "swarmbridge_spans_dropped_total",
      type: "counter",
      help: "Slow or failed operations that were not sent as traces",
      samples: [{ labels: {}, value: this.tracer.dropped + this.#spans.lost }],
    };
  }

  #refused(why: string): void {
    // What of the last figures was not taken is said when all is over.
    if (this.#hasWarned || this.#isLast) return;
    this.#hasWarned = true;
    this.#options.note(
      "warning",
      `the OpenTelemetry collector at ${this.#origin} takes nothing (${why}): the run goes on and it is tried again; look at telemetry in loadtest.yaml`,
    );
  }

  /** Without a path, which may hold what is nobody's business. */
  get #origin(): string {
    return new URL(this.#options.settings.endpoint).origin;
  }
}

/** It sees no variable of the environment: OpenTelemetry's packages would read their own there. */
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

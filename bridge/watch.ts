import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Gauges } from "../record/sample.ts";

/**
 * Looks at the generator itself once a second: a bridge whose event loop is late stamps late, and its record has to
 * be able to say so.
 */

const RESOLUTION_MS = 10;
const NS_PER_MS = 1e6;
const US_PER_S = 1e6;
const SHORTEST_S = 0.25;

export type Counted = Required<Pick<Gauges, "sessionsOpen" | "sessionsByServer" | "operationsInFlight">>;

export class Watch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #counted: () => Counted;
  readonly #timer: NodeJS.Timeout;
  #cpu = process.cpuUsage();
  #cpuAtMs = performance.now();
  #cores = 0;
  /** What Python last told: users running, cores used by Locust. */
  locust: { users: number; cpu: number | null } = { users: 0, cpu: null };

  constructor(counted: () => Counted, onGauges: (gauges: Gauges) => void) {
    this.#counted = counted;
    this.#delay.enable();
    this.#timer = setInterval(() => onGauges(this.read()), 1000);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }

  /** What there is to say since the last reading. */
  read(): Gauges {
    const nowMs = performance.now();
    const seconds = (nowMs - this.#cpuAtMs) / 1000;
    // A reading right behind the last one (at a stop) has too short a time under its fraction line.
    if (seconds >= SHORTEST_S) {
      const used = process.cpuUsage(this.#cpu);
      this.#cores = (used.user + used.system) / US_PER_S / seconds;
      this.#cpu = process.cpuUsage();
      this.#cpuAtMs = nowMs;
    }
    const gauges: Gauges = {
      ...this.#counted(),
      users: this.locust.users,
      eventLoopDelayP99Ms: lateMs(this.#delay.percentile(99)),
      eventLoopDelayMaxMs: lateMs(this.#delay.max),
      bridgeCpu: this.#cores,
      locustCpu: this.locust.cpu,
      bridgeRssBytes: process.memoryUsage.rss(),
    };
    this.#delay.reset();
    return gauges;
  }
}

/** The monitor measures from tick to tick; what exceeds its own resolution is the lateness. */
const lateMs = (measuredNs: number): number => Math.max(0, measuredNs / NS_PER_MS - RESOLUTION_MS);

import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Gauges } from "../record/sample.ts";

/**
 * Looks at the generator itself once a second: a bridge whose event loop is late stamps late, and its record has to
 * be able to say so.
 */

const RESOLUTION_MS = 10;
const NS_PER_MS = 1e6;
const US_PER_S = 1e6;

export type Counted = Required<Pick<Gauges, "sessionsOpen" | "sessionsByServer" | "operationsInFlight">>;

export class Watch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #cpu = process.cpuUsage();
  #cpuAtMs = performance.now();
  /** What Python last told: users running, cores used by Locust. */
  locust: { users: number; cpu: number | null } = { users: 0, cpu: null };

  constructor(counted: () => Counted, onGauges: (gauges: Gauges) => void) {
    this.#delay.enable();
    this.#timer = setInterval(() => onGauges(this.#read(counted())), 1000);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }

  #read(counted: Counted): Gauges {
    const nowMs = performance.now();
    const cpu = process.cpuUsage(this.#cpu);
    const seconds = (nowMs - this.#cpuAtMs) / 1000;
    this.#cpu = process.cpuUsage();
    this.#cpuAtMs = nowMs;
    const gauges: Gauges = {
      ...counted,
      users: this.locust.users,
      eventLoopDelayP99Ms: lateMs(this.#delay.percentile(99)),
      eventLoopDelayMaxMs: lateMs(this.#delay.max),
      bridgeCpu: (cpu.user + cpu.system) / US_PER_S / seconds,
      locustCpu: this.locust.cpu,
      bridgeRssBytes: process.memoryUsage.rss(),
    };
    this.#delay.reset();
    return gauges;
  }
}

/** The monitor measures from tick to tick; what exceeds its own resolution is the lateness. */
const lateMs = (measuredNs: number): number => Math.max(0, measuredNs / NS_PER_MS - RESOLUTION_MS);

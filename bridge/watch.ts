import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Gauges } from "../record/sample.ts";
import { CpuWatch } from "./cpu-pressure.ts";
import type { UsersMessage } from "./link/messages.ts";
import { roomLeft } from "./room-left.ts";
import { RunDelay } from "./run-delay.ts";

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
  #loop = performance.eventLoopUtilization();
  readonly #runDelay = new RunDelay();
  readonly #cpuWatch = new CpuWatch();
  #locust: Pick<Gauges, "users" | "locustCpu" | "locustLateMs" | "locustWaited"> = { users: 0, locustCpu: null };
  #linkLagMs: number | undefined;

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

  /** Takes what Locust tells once a second, and how long the line was on its way. */
  hearLocust({ n, at, locustCpu, locustLateMs, locustWaited }: UsersMessage): void {
    this.#locust = { users: n, locustCpu, locustLateMs, locustWaited };
    if (at !== undefined) this.#linkLagMs = Math.max(0, performance.now() - at);
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
      ...this.#locust,
      eventLoopDelayP99Ms: lateMs(this.#delay.percentile(99)),
      eventLoopDelayMaxMs: lateMs(this.#delay.max),
      bridgeCpu: this.#cores,
      bridgeRssBytes: process.memoryUsage.rss(),
      bridgeBusy: this.#busyShare(),
      bridgeWaited: this.#runDelay.read(),
      linkLagMs: this.#linkLagMs,
      ...this.#cpuWatch.read(),
      ...roomLeft(),
    };
    this.#linkLagMs = undefined;
    this.#delay.reset();
    return gauges;
  }

  #busyShare(): number {
    const before = this.#loop;
    this.#loop = performance.eventLoopUtilization();
    return performance.eventLoopUtilization(this.#loop, before).utilization;
  }
}

/** The monitor measures from tick to tick; what exceeds its own resolution is the lateness. */
const lateMs = (measuredNs: number): number => Math.max(0, measuredNs / NS_PER_MS - RESOLUTION_MS);

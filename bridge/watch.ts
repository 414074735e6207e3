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
/** Locust tells of itself so often; a line of a Locust that works may be a little later than that. */
const LINE_EVERY_MS = 1000;
const GRACE_MS = 250;

export type Counted = Required<Pick<Gauges, "sessionsOpen" | "sessionsByServer" | "operationsInFlight">>;

/** What its lines said since the last reading. An older line says nothing of a later second. */
type OfLocust = Pick<Gauges, "locustCpu" | "locustLateMs" | "locustWaited" | "linkLagMs">;

const SILENT: OfLocust = { locustCpu: null };

const worse = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

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
  #users = 0;
  #locust: OfLocust = SILENT;
  #heardMs: number | undefined;

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
    const nowMs = performance.now();
    const before = this.#locust;
    this.#users = n;
    this.#heardMs = nowMs;
    // A line that was held up comes together with the next one: the worse of the two counts.
    this.#locust = {
      locustCpu: locustCpu === null ? before.locustCpu : Math.max(locustCpu, before.locustCpu ?? 0),
      locustLateMs: worse(before.locustLateMs, locustLateMs),
      locustWaited: worse(before.locustWaited, locustWaited),
      linkLagMs: worse(before.linkLagMs, at === undefined ? undefined : Math.max(0, nowMs - at)),
    };
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
      users: this.#users,
      ...this.#locust,
      locustLateMs: worse(this.#locust.locustLateMs, this.#overdueMs(nowMs)),
      eventLoopDelayP99Ms: lateMs(this.#delay.percentile(99)),
      eventLoopDelayMaxMs: lateMs(this.#delay.max),
      bridgeCpu: this.#cores,
      bridgeRssBytes: process.memoryUsage.rss(),
      bridgeBusy: this.#busyShare(),
      bridgeWaited: this.#runDelay.read(),
      ...this.#cpuWatch.read(),
      ...roomLeft(),
    };
    this.#locust = SILENT;
    this.#delay.reset();
    return gauges;
  }

  /** A Locust that is blocked says nothing of it: then its silence does. Before its first line it says nothing yet. */
  #overdueMs(nowMs: number): number | undefined {
    if (this.#heardMs === undefined) return undefined;
    const ms = nowMs - this.#heardMs - LINE_EVERY_MS;
    return ms > GRACE_MS ? ms : undefined;
  }

  #busyShare(): number {
    const before = this.#loop;
    this.#loop = performance.eventLoopUtilization();
    return performance.eventLoopUtilization(this.#loop, before).utilization;
  }
}

/** The monitor measures from tick to tick; what exceeds its own resolution is the lateness. */
const lateMs = (measuredNs: number): number => Math.max(0, measuredNs / NS_PER_MS - RESOLUTION_MS);

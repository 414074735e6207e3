/** What the generator used over a run: means and maxima of one reading a second, and the sessions it held. */
import type { GeneratorRecord, RunFile } from "./run-file.ts";
import type { Gauges } from "./sample.ts";

class MeanAndMax {
  #sum = 0;
  #readings = 0;
  #max = 0;

  add(value: number): void {
    this.addReadings(1, value, value);
  }

  addReadings(readings: number, mean: number, max: number): void {
    this.#readings += readings;
    this.#sum += mean * readings;
    this.#max = Math.max(this.#max, max);
  }

  get isEmpty(): boolean {
    return this.#readings === 0;
  }

  toJSON(): { mean: number; max: number } {
    return { mean: rounded(this.isEmpty ? 0 : this.#sum / this.#readings), max: rounded(this.#max) };
  }
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

export class GeneratorLoad {
  #seconds = 0;
  #usersPeak = 0;
  #eventLoopMaxMs = 0;
  readonly #eventLoopP99 = new MeanAndMax();
  readonly #bridgeCpu = new MeanAndMax();
  readonly #locustCpu = new MeanAndMax();
  readonly #rss = new MeanAndMax();
  readonly #open = new Map<string, { peak: number; leftOpen: number }>();
  #all = { peak: 0, leftOpen: 0 };

  add(gauges: Gauges): void {
    this.#seconds += 1;
    this.#usersPeak = Math.max(this.#usersPeak, gauges.users);
    this.#eventLoopMaxMs = Math.max(this.#eventLoopMaxMs, gauges.eventLoopDelayMaxMs);
    this.#eventLoopP99.add(gauges.eventLoopDelayP99Ms);
    this.#bridgeCpu.add(gauges.bridgeCpu);
    if (gauges.locustCpu !== null) this.#locustCpu.add(gauges.locustCpu);
    this.#rss.add(gauges.bridgeRssBytes);
    this.#all = { peak: Math.max(this.#all.peak, gauges.sessionsOpen), leftOpen: gauges.sessionsOpen };
    for (const open of this.#open.values()) open.leftOpen = 0;
    for (const [server, now] of Object.entries(gauges.sessionsByServer ?? {})) {
      this.#open.set(server, { peak: Math.max(this.#open.get(server)?.peak ?? 0, now), leftOpen: now });
    }
  }

  /** Continues what a record says, after the process that wrote it was lost: its sessions are gone with it. */
  restore({ generator, sessions }: Pick<RunFile, "generator" | "sessions">): void {
    const { seconds } = generator;
    this.#seconds += seconds;
    this.#usersPeak = Math.max(this.#usersPeak, generator.usersPeak);
    this.#eventLoopMaxMs = Math.max(this.#eventLoopMaxMs, generator.eventLoopDelayMaxMs);
    this.#eventLoopP99.addReadings(seconds, generator.eventLoopDelayP99Ms.mean, generator.eventLoopDelayP99Ms.max);
    this.#bridgeCpu.addReadings(seconds, generator.bridgeCpu.mean, generator.bridgeCpu.max);
    if (generator.locustCpu !== null) {
      this.#locustCpu.addReadings(seconds, generator.locustCpu.mean, generator.locustCpu.max);
    }
    this.#rss.addReadings(seconds, generator.bridgeRssBytes.mean, generator.bridgeRssBytes.max);
    this.#all = { peak: Math.max(this.#all.peak, sessions.peak), leftOpen: 0 };
    for (const [server, { peak }] of Object.entries(sessions.byServer)) this.#open.set(server, { peak, leftOpen: 0 });
  }

  generator(): GeneratorRecord {
    return {
      seconds: this.#seconds,
      eventLoopDelayP99Ms: this.#eventLoopP99.toJSON(),
      eventLoopDelayMaxMs: rounded(this.#eventLoopMaxMs),
      bridgeCpu: this.#bridgeCpu.toJSON(),
      locustCpu: this.#locustCpu.isEmpty ? null : this.#locustCpu.toJSON(),
      bridgeRssBytes: this.#rss.toJSON(),
      usersPeak: this.#usersPeak,
    };
  }

  sessions(): RunFile["sessions"] {
    return { ...this.#all, byServer: Object.fromEntries(this.#open) };
  }
}

/** What the generator used over a run: means and maxima of one reading a second, and the sessions it held. */
import { GENERATOR_MEASURE_NAMES, GENERATOR_MEASURES, type GeneratorMeasure } from "./generator-measures.ts";
import type { GeneratorRecord, MeasureRecord, RunFile } from "./run-file.ts";
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

/** A measure over a run: beside its mean the seconds in which it was too much, since a mean hides the last third of a run. */
class OverThreshold {
  readonly #values = new MeanAndMax();
  #seconds = 0;
  #strained = 0;
  #saturated = 0;

  add(value: number, { strained, saturated }: GeneratorMeasure): void {
    this.#values.add(value);
    this.#seconds += 1;
    if (value >= strained) this.#strained += 1;
    if (saturated !== null && value >= saturated) this.#saturated += 1;
  }

  restore({ seconds, mean, max, strainedSeconds, saturatedSeconds }: MeasureRecord): void {
    this.#values.addReadings(seconds, mean, max);
    this.#seconds += seconds;
    this.#strained += strainedSeconds;
    this.#saturated += saturatedSeconds;
  }

  toJSON(): MeasureRecord {
    return {
      seconds: this.#seconds,
      ...this.#values.toJSON(),
      strainedSeconds: this.#strained,
      saturatedSeconds: this.#saturated,
    };
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
  readonly #measures = new Map<string, OverThreshold>();
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
    for (const name of GENERATOR_MEASURE_NAMES) {
      const measure: GeneratorMeasure = GENERATOR_MEASURES[name];
      const value = measure.of(gauges);
      if (typeof value === "number") this.#measure(name).add(value, measure);
    }
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
    for (const [name, each] of Object.entries(generator.measures ?? {})) this.#measure(name).restore(each);
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
      measures: Object.fromEntries([...this.#measures].map(([name, each]) => [name, each.toJSON()])),
    };
  }

  #measure(name: string): OverThreshold {
    const known = this.#measures.get(name) ?? new OverThreshold();
    this.#measures.set(name, known);
    return known;
  }

  sessions(): RunFile["sessions"] {
    return { ...this.#all, byServer: Object.fromEntries(this.#open) };
  }
}

/** How idle the machine was meanwhile, all cores, from the kernel's own counts. Null where there is no `/proc/stat`. */
import { existsSync, readFileSync } from "node:fs";

const STAT = "/proc/stat";
const SAMPLE_EVERY_MS = 100;

export interface IdleSample {
  /** Wall clock. */
  readonly atMs: number;
  /** Ticks since the machine's start, summed over its cores. */
  readonly idle: number;
  readonly all: number;
}

/** @param text of `/proc/stat` @see proc_stat(5): the 4th and 5th figure of the first line are idle and iowait; guests are in user */
export const readTicks = (text: string): Pick<IdleSample, "idle" | "all"> => {
  const ticks = text.slice(0, text.indexOf("\n")).trim().split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, waiting = 0] = ticks;
  return { idle: idle + waiting, all: ticks.reduce((sum, one) => sum + one, 0) };
};

/** @returns the share of all cores' time, from the samples nearest to both moments; null without two samples */
export const idleShare = (samples: readonly IdleSample[], fromMs: number, toMs: number): number | null => {
  const first = samples.findLast(({ atMs }) => atMs <= fromMs) ?? samples[0];
  const last = samples.find(({ atMs }) => atMs >= toMs) ?? samples.at(-1);
  if (first === undefined || last === undefined || last.all <= first.all) return null;
  return (last.idle - first.idle) / (last.all - first.all);
};

export interface IdleWatch {
  between(fromMs: number, toMs: number): number | null;
  end(): void;
}

export const watchIdle = (): IdleWatch => {
  const samples: IdleSample[] = [];
  const take = (): void => {
    samples.push({ atMs: Date.now(), ...readTicks(readFileSync(STAT, "latin1")) });
  };
  const timer = existsSync(STAT) ? setInterval(take, SAMPLE_EVERY_MS) : undefined;
  return {
    between: (fromMs, toMs) => idleShare(samples, fromMs, toMs),
    end: () => clearInterval(timer),
  };
};

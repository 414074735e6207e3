/** How idle the machine was meanwhile, all cores, from the kernel's own counts. Null where there is no `/proc/stat`. */
import { existsSync, readFileSync } from "node:fs";
import { busyShare, type MachineTicks, readTicks } from "../../bridge/machine-ticks.ts";

const STAT = "/proc/stat";
const SAMPLE_EVERY_MS = 100;

export interface IdleSample extends MachineTicks {
  /** Wall clock. */
  readonly atMs: number;
}

/** @returns the share of all cores' time, from the samples nearest to both moments; null without two samples */
export const idleShare = (samples: readonly IdleSample[], fromMs: number, toMs: number): number | null => {
  const first = samples.findLast(({ atMs }) => atMs <= fromMs) ?? samples[0];
  const last = samples.find(({ atMs }) => atMs >= toMs) ?? samples.at(-1);
  const busy = first === undefined || last === undefined ? undefined : busyShare(first, last);
  return busy === undefined ? null : 1 - busy;
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

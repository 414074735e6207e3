import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Gauges } from "../record/sample.ts";
import { busyShare, type MachineTicks, readTicks } from "./machine-ticks.ts";

/**
 * How much of the processors is left, whoever uses it: the cores that this process may use, and the quota of its container.
 * A thread that finds a free core most of the time still waits now and then on a busy machine, and its p99 with it.
 */
export type CpuPressure = Pick<Gauges, "machineBusy" | "throttled">;

export interface CpuSources {
  readonly proc: string;
  /** Root of the control groups, version 2: a container sees its own there. */
  readonly cgroup: string;
}

const LINUX: CpuSources = { proc: "/proc", cgroup: "/sys/fs/cgroup" };

/** A reading right behind the last one would be of a few ticks (10 ms each) or of one period of the quota (mostly 100 ms). */
const SHORTEST_MS = 250;

interface Periods {
  readonly all: number;
  readonly throttled: number;
}

export class CpuWatch {
  readonly #sources: CpuSources;
  readonly #now: () => number;
  readonly #cores: ReadonlySet<number> | undefined;
  #atMs: number;
  #ticks: MachineTicks | undefined;
  #periods: Periods | undefined;
  #last: CpuPressure = {};

  constructor(sources = LINUX, now = () => performance.now()) {
    this.#sources = sources;
    this.#now = now;
    this.#cores = allowedCores(sources.proc);
    this.#atMs = now();
    this.#ticks = this.#readTicks();
    this.#periods = periodsOf(sources.cgroup);
  }

  /** @returns shares of the time since the last reading; what the system does not tell is absent */
  read(): CpuPressure {
    const nowMs = this.#now();
    if (nowMs - this.#atMs < SHORTEST_MS) return this.#last;
    this.#atMs = nowMs;
    const [ticks, periods] = [this.#ticks, this.#periods];
    this.#ticks = ticks && this.#readTicks();
    this.#periods = periods && periodsOf(this.#sources.cgroup);
    this.#last = {
      machineBusy: ticks && this.#ticks && busyShare(ticks, this.#ticks),
      throttled: periods && this.#periods && throttledShare(periods, this.#periods),
    };
    return this.#last;
  }

  #readTicks(): MachineTicks | undefined {
    const stat = textOf(join(this.#sources.proc, "stat"));
    return stat === undefined ? undefined : readTicks(stat, this.#cores);
  }
}

/** Bound to two cores of a large machine, what the others do says nothing of these. Undefined: all, or nobody tells. */
const allowedCores = (proc: string): ReadonlySet<number> | undefined => {
  // A list such as `0-2,5`.
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(textOf(join(proc, "self/status")) ?? "")?.[1];
  if (list === undefined) return undefined;
  const cores = list.split(",").flatMap((span) => {
    const [first = 0, last = first] = span.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
  return new Set(cores);
};

/** Of a group without a quota nothing is counted, or nothing but zeros. */
const periodsOf = (cgroup: string): Periods | undefined => {
  const stat = textOf(join(cgroup, "cpu.stat")) ?? "";
  const [all, throttled] = [/^nr_periods (\d+)$/m, /^nr_throttled (\d+)$/m].map((pattern) => pattern.exec(stat)?.[1]);
  return all === undefined || throttled === undefined ? undefined : { all: Number(all), throttled: Number(throttled) };
};

const throttledShare = (before: Periods, after: Periods): number =>
  (after.throttled - before.throttled) / Math.max(1, after.all - before.all);

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // Another system, or no group of this kind.
    return undefined;
  }
};

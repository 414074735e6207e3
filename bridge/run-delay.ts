import { readFileSync } from "node:fs";

/**
 * For how long the main thread was ready to run and had no core: what somebody else took from it. A load average says nothing of
 * it in a container, and CPU time says only what the thread got.
 */

const NS_PER_MS = 1e6;

export class RunDelay {
  readonly #path: string;
  #waitedNs: number | null;
  #atMs = performance.now();

  constructor(path = "/proc/self/schedstat") {
    this.#path = path;
    this.#waitedNs = waitedNs(path);
  }

  /** @returns the share of the time since the last reading; undefined where the system does not tell (not Linux) */
  read(): number | undefined {
    const before = { waitedNs: this.#waitedNs, atMs: this.#atMs };
    this.#waitedNs = before.waitedNs === null ? null : waitedNs(this.#path);
    this.#atMs = performance.now();
    if (before.waitedNs === null || this.#waitedNs === null) return undefined;
    const waitedMs = (this.#waitedNs - before.waitedNs) / NS_PER_MS;
    return Math.min(1, Math.max(0, waitedMs / Math.max(1, this.#atMs - before.atMs)));
  }
}

/** Three numbers: time on a core, time waiting for one (both ns), turns (kernel: Documentation/scheduler/sched-stats). */
const waitedNs = (path: string): number | null => {
  try {
    const waited = Number(readFileSync(path, "latin1").split(" ")[1]);
    return Number.isFinite(waited) ? waited : null;
  } catch {
    // Not Linux, or a kernel that does not count it.
    return null;
  }
};

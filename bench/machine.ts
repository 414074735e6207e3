/** Where and when numbers were taken: a speed without its machine says nothing. */
import { availableParallelism, cpus, loadavg, release, type as systemType } from "node:os";
import { pinning } from "./cores.ts";
import type { Python } from "./requirements.ts";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
  readonly node: string;
  readonly python: string | null;
  readonly locust: string | null;
  readonly pinning: { readonly server: number; readonly generator: number } | null;
  /** Load average of the minute before the bench: what else the machine was doing. 0 where the system has none. */
  readonly loadBefore: number;
}

export const describeMachine = (python: Python | null): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: availableParallelism(),
  system: `${systemType()} ${release()}`,
  node: process.versions.node,
  python: python?.versions.python ?? null,
  locust: python?.versions.locust ?? null,
  pinning,
  loadBefore: loadavg()[0] ?? 0,
});

/** @param isPinned whether generators and server keep to their cores */
export const machineLine = (
  { cpu, cores, system, node, python, locust, loadBefore }: Machine,
  isPinned = pinning !== null,
): string =>
  [
    `${cpu}, ${cores} cores, ${system}, Node ${node}`,
    ...(python === null ? [] : [`Python ${python}, Locust ${locust}`]),
    pinning === null || !isPinned
      ? "nothing is pinned to a core here"
      : `generators on core ${pinning.generator}, null server on core ${pinning.server}`,
    `load average before: ${loadBefore.toFixed(2)}`,
  ].join("; ");

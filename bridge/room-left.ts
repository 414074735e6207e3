import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import type { Gauges } from "../record/sample.ts";

/**
 * How much of what can run out is used: open files (each socket is one), the heap, the memory of the machine or of its
 * container. What the system does not tell is absent.
 */
export type RoomLeft = Pick<Gauges, "openFilesShare" | "heapShare" | "memoryShare">;

export interface RoomSources {
  readonly proc: string;
  /** Root of the control groups, version 2: a container sees its own there. */
  readonly cgroup: string;
}

const LINUX: RoomSources = { proc: "/proc", cgroup: "/sys/fs/cgroup" };

export const roomLeft = ({ proc, cgroup }: RoomSources = LINUX): RoomLeft => {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  const memory = [machineShare(proc), containerShare(cgroup)].filter((share) => share !== undefined);
  return {
    openFilesShare: openFilesShare(proc),
    heapShare: used / limit,
    memoryShare: memory.length === 0 ? undefined : Math.max(...memory),
  };
};

/** The folder's size is the count since Linux 6.2; listing 10,000 names once a second would be felt. Before it is 0. */
const openFilesShare = (proc: string): number | undefined => {
  const limit = numberIn(join(proc, "self/limits"), /^Max open files\s+(\d+)/m);
  const open = sizeOf(join(proc, "self/fd"));
  return limit === undefined || open === 0 ? undefined : open / limit;
};

const machineShare = (proc: string): number | undefined => {
  const path = join(proc, "meminfo");
  const total = numberIn(path, /^MemTotal:\s+(\d+) kB/m);
  const available = numberIn(path, /^MemAvailable:\s+(\d+) kB/m);
  return total === undefined || available === undefined ? undefined : 1 - available / total;
};

/** Files that were read and not used for a while are given back first: a container full of them is not full. */
const containerShare = (cgroup: string): number | undefined => {
  const limit = numberIn(join(cgroup, "memory.max"), /^(\d+)/);
  const current = numberIn(join(cgroup, "memory.current"), /^(\d+)/);
  if (limit === undefined || current === undefined) return undefined;
  return Math.max(0, current - (numberIn(join(cgroup, "memory.stat"), /^inactive_file (\d+)/m) ?? 0)) / limit;
};

const numberIn = (path: string, pattern: RegExp): number | undefined => {
  try {
    const found = pattern.exec(readFileSync(path, "latin1"))?.[1];
    return found === undefined ? undefined : Number(found);
  } catch {
    // Another system, or no limit of this kind.
    return undefined;
  }
};

const sizeOf = (path: string): number => {
  try {
    return statSync(path).size;
  } catch {
    // Another system.
    return 0;
  }
};

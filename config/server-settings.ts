/** Turns a checked entry of the file into the settings that the other rooms know: paths absolute, names complete. */

import { resolve } from "node:path";
import type { ServerEntry } from "./server-schema.ts";
import type { MemorySettings, MemorySource, ServerSettings } from "./settings.ts";

export interface EntryPlace {
  readonly name: string;
  /** The folder that the file's relative paths start from. */
  readonly folder: string;
  /** The proxy of this server's connections (`proxyFor`). */
  readonly proxy: string | null;
}

export const serverSettings = (entry: ServerEntry, { name, folder, proxy }: EntryPlace): ServerSettings => {
  const { url, stdio, connections, maxAnswer, limits, headers, answers, slo, tls, memory, ...same } = entry;
  return {
    name,
    url: url ?? `stdio:${name}`,
    ...same,
    stdio: stdio === undefined ? null : { ...stdio, cwd: resolve(folder, stdio.cwd ?? ".") },
    connections: { ...connections, proxy },
    headers: lowerCased(headers),
    limits: {
      connectMs: limits.connect,
      initializeMs: limits.initialize,
      callMs: limits.call,
      listMs: limits.list,
      closeMs: limits.close,
    },
    maxAnswerBytes: maxAnswer,
    tls: given({
      ca: tls.ca && resolve(folder, tls.ca),
      cert: tls.cert && resolve(folder, tls.cert),
      key: tls.key && resolve(folder, tls.key),
    }),
    answers: { ...answers, roots: answers.roots.map(given) },
    memory: memory && memorySettings(memory, folder),
    slo: slo && given({ p95Ms: slo.p95, p99Ms: slo.p99, errorPercent: slo.errors }),
  };
};

/** One source of the file's six, with its options. */
const memorySettings = (memory: NonNullable<ServerEntry["memory"]>, folder: string): MemorySettings => ({
  source: memorySource(memory, folder),
  gcUrl: memory.gc ?? null,
  everyMs: memory.every,
});

const memorySource = (memory: NonNullable<ServerEntry["memory"]>, folder: string): MemorySource => {
  const { pid, port, container, prometheus, metric = RESIDENT, json, pointer = "", file, key = null } = memory;
  if (pid !== undefined) return { kind: "pid", pid };
  if (port !== undefined) return { kind: "port", port };
  if (container !== undefined) return { kind: "container", container };
  if (prometheus !== undefined) return { kind: "prometheus", url: prometheus, metric };
  if (json !== undefined) return { kind: "json", url: json, pointer };
  return { kind: "file", path: resolve(folder, file ?? ""), key };
};

/** What client libraries of Prometheus call it. */
const RESIDENT = "process_resident_memory_bytes";

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without the keys that are undefined: absent and undefined are two things (`exactOptionalPropertyTypes`). */
const given = <T extends object>(values: T): Given<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;

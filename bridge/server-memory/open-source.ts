/** Where a server's memory is read, by kind of source: one row each. */
import { open } from "node:fs/promises";
import type { MemorySource } from "../../config/settings.ts";
import { containerMemory } from "./container-memory.ts";
import { page } from "./page.ts";
import { jsonValue, prometheusValue, textValue } from "./page-values.ts";
import { portMemory, processMemory } from "./process-memory.ts";
import { SourceError } from "./source-error.ts";

/** @returns bytes @throws {SourceError} */
export type ReadMemory = () => Promise<number>;

/** No reading waits longer; the next one would come before. */
export const LIMIT_MS = 2_000;

type Of<Kind> = Extract<MemorySource, { kind: Kind }>;

const READERS: { readonly [Kind in MemorySource["kind"]]: (source: Of<Kind>) => Promise<number> } = {
  pid: ({ pid }) => processMemory(pid),
  port: ({ port }) => portMemory(port),
  container: ({ container }) => containerMemory(container, { limitMs: LIMIT_MS }),
  prometheus: async ({ url, metric }) => prometheusValue(await page({ url, limitMs: LIMIT_MS }), metric),
  json: async ({ url, pointer }) => jsonValue(await page({ url, limitMs: LIMIT_MS }), pointer),
  file: async ({ path, key }) => textValue(await head(path), key),
};

export const openSource = (source: MemorySource): ReadMemory => {
  const read = READERS[source.kind] as (source: MemorySource) => Promise<number>;
  return () => read(source);
};

/** As much of a file as such a number can stand in. */
const HEAD_BYTES = 65_536;

const head = async (path: string): Promise<string> => {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new SourceError(`the file cannot be read (${cause.code ?? "unknown"})`, { cause });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } catch (cause) {
    throw new SourceError(`the file cannot be read (${(cause as NodeJS.ErrnoException).code ?? "unknown"})`, { cause });
  } finally {
    await file.close();
  }
};

/** Where a server's memory is read, by kind of source: one row each. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { MemorySource } from "../../config/settings.ts";
import { containerMemory } from "./container-memory.ts";
import { METRICS_KB, page } from "./page.ts";
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
  prometheus: async ({ url, metric }) =>
    prometheusValue(await page({ url, limitMs: LIMIT_MS, mostKb: METRICS_KB }), metric),
  json: async ({ url, pointer }) => jsonValue(await page({ url, limitMs: LIMIT_MS }), pointer),
  file: async ({ path, key }) => textValue(await head(path), key),
};

export const openSource = (source: MemorySource): ReadMemory => {
  const read = READERS[source.kind] as (source: MemorySource) => Promise<number>;
  return limited(() => read(source));
};

/**
 * Gives a reading up after its time: a file of a network drive that is gone answers never, and nothing can end that. It is
 * not asked again until it has answered, since each such question holds one of the process's few threads for files.
 */
export const limited = (read: ReadMemory, limitMs = LIMIT_MS): ReadMemory => {
  let isUnderWay = false;
  return async () => {
    if (isUnderWay) throw new SourceError("an earlier reading has not ended");
    isUnderWay = true;
    const reading = read().finally(() => {
      isUnderWay = false;
    });
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new SourceError(`no answer within ${limitMs} ms`)), limitMs);
    try {
      return await Promise.race([reading, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  };
};

/** As much of a file as such a number can stand in. */
const HEAD_BYTES = 65_536;

const head = async (path: string): Promise<string> => {
  // A pipe would be waited for until somebody writes to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: NodeJS.ErrnoException) => {
    throw new SourceError(`the file cannot be read (${cause.code ?? "unknown"})`, { cause });
  });
  try {
    if (!(await file.stat()).isFile()) throw new SourceError("this is no file");
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } catch (cause) {
    if (cause instanceof SourceError) throw cause;
    throw new SourceError(`the file cannot be read (${(cause as NodeJS.ErrnoException).code ?? "unknown"})`, { cause });
  } finally {
    await file.close();
  }
};

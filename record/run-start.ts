/** When a run started, as far as its folder tells: the names of runs are anybody's choice and order nothing. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { startInHead } from "./latency-log.ts";
import { LATENCIES, PARTS, RUN, readIfThere, wholeLines } from "./record-files.ts";

/** Of every version of the schema. */
const startSchema = z.object({ startedAt: z.iso.datetime({ offset: true }) });

/**
 * @param runDir a run's folder, with a record or with parts alone: then the earliest counts
 * @returns ms since the epoch; null when nothing there tells
 */
export const runStartMs = (runDir: string): number | null => {
  const own = startMsOf(runDir);
  if (own !== null) return own;
  const parts = foldersIn(join(runDir, PARTS)).flatMap((part) => startMsOf(part) ?? []);
  return parts.length === 0 ? null : Math.min(...parts);
};

const startMsOf = (recordDir: string): number | null => {
  const text = readIfThere(join(recordDir, RUN));
  if (text === null) return null;
  try {
    return Date.parse(startSchema.parse(JSON.parse(text)).startedAt);
  } catch {
    return logStartMs(recordDir); // No record, or a broken one: who reads it says so.
  }
};

/** A power cut may have taken the head: an older run must not pass for the last one. */
const logStartMs = (recordDir: string): number | null => {
  for (const line of wholeLines(join(recordDir, LATENCIES))) {
    if (!line.startsWith("#")) return null;
    const ms = startInHead(line);
    if (ms !== null) return ms;
  }
  return null;
};

const foldersIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return []; // Mostly there are no parts.
  }
};

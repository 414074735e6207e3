/** Brings the records that the engines of a rehearsal kept, each for itself, together as one run. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { adoptPart } from "../../record/adopt-part.ts";
import { mergeParts } from "../../record/merge-parts.ts";
import { type RunRecord, readRun } from "../../record/read-run.ts";
import { RecordError } from "../../record/record-error.ts";
import type { EngineEnd } from "./engine-end.ts";

/** How Python names the folder among the temporary files (locustfiles/azure_engine.py). */
const AMONG_TEMPORARY = /^swarmbridge-results-/;

/**
 * @param code folder in which the engine's Locust was started
 * @param temporary its folder for temporary files
 * @returns null when there is none that can be read
 */
export const recordOfEngine = (code: string, temporary: string): RunRecord | null => {
  const roots = [
    join(code, "results"),
    ...inside(temporary)
      .filter((name) => AMONG_TEMPORARY.test(name))
      .map((name) => join(temporary, name)),
  ];
  for (const root of roots) {
    for (const id of inside(root)) {
      try {
        return readRun(join(root, id));
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
      }
    }
  }
  return null;
};

/**
 * @param runDir `results/<id>`, made here
 * @returns the merged record, which is exactly that of one process that had done it all; null when no engine left one
 */
export const mergeEngines = (runDir: string, id: string, ends: readonly EngineEnd[]): RunRecord | null => {
  const kept = ends.flatMap(({ number, record }) => (record === null ? [] : [{ part: `engine-${number}`, record }]));
  if (kept.length === 0) return null;
  // The parts' plans are merged into one: the same for all, it says what all had together.
  const users = kept.reduce((sum, { record }) => sum + numberOf(record.file.plan.users), 0);
  for (const { part, record } of kept) {
    const { engine: _its, ...plan } = record.file.plan;
    adoptPart(record, join(runDir, "parts", part), { id, part, plan: { ...plan, users, rehearsed: kept.length } });
  }
  return mergeParts(runDir);
};

const numberOf = (value: string | number | null | undefined): number => (typeof value === "number" ? value : 0);

const inside = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
};

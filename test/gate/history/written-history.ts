/** Runs of one load on disk: one real record, copied with another time, head and age for each run. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RUN } from "../../../record/record-files.ts";
import { parseRunFile, type RunFile } from "../../../record/run-file.ts";
import { SEARCH, sample } from "../../record/samples.ts";
import { resultsFolder, writeRecord } from "../written-record.ts";

export const FIRST_MS = Date.parse("2026-03-01T10:00:00.000Z");
export const DAY_MS = 24 * 3_600_000;

export interface OneRun {
  /** Of `SEARCH`; the record's own if absent. */
  readonly p95Ms?: number;
  readonly fields?: Partial<RunFile>;
}

/** One run a day, named `r0`, `r1` and so on. */
export const writtenHistory = (runs: readonly OneRun[]): { results: string; files: RunFile[] } => {
  const results = resultsFolder();
  const { dir } = writeRecord(
    results,
    Array.from({ length: 40 }, (_, index) => sample({ endMs: index * 250, serviceMs: 50 })),
    { id: "r0" },
  );
  const text = readFileSync(join(dir, RUN), "utf8");
  const files = runs.map(({ p95Ms, fields }, index): RunFile => {
    const folder = join(results, `r${index}`);
    if (index > 0) cpSync(dir, folder, { recursive: true });
    const file = parseRunFile(text, folder);
    const at = (ms: number): string => new Date(FIRST_MS + index * DAY_MS + ms).toISOString();
    const times = file.operations[SEARCH]?.outcomes.ok?.times.service;
    if (times !== undefined && p95Ms !== undefined) times.p95Ms = p95Ms;
    const times10s = { startedAt: at(0), endedAt: at(10_000), updatedAt: at(10_000) };
    const changed = { ...file, id: `r${index}`, ...times10s, ...fields };
    writeFileSync(join(folder, RUN), JSON.stringify(changed));
    return changed;
  });
  return { results, files };
};

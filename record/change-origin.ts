/** Puts what became known later of a record's origin into its head. */
import { join } from "node:path";
import type { Origin } from "./origin.ts";
import { readRun } from "./read-run.ts";
import { RUN, replaceFile } from "./record-files.ts";

/**
 * Does nothing to a record without an origin, and writes nothing where nothing changes.
 * @throws {RecordError} what `readRun` throws
 */
export const changeOrigin = (dir: string, changes: Partial<Pick<Origin, "outcome" | "unused" | "uncounted">>): void => {
  const { file } = readRun(dir);
  if (file.origin === undefined) return;
  const origin = { ...file.origin, ...changes };
  if (JSON.stringify(origin) !== JSON.stringify(file.origin)) {
    replaceFile(join(dir, RUN), JSON.stringify({ ...file, origin }, null, 1));
  }
};

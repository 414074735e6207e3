/** Completes the record of a run whose bridge is gone and was not replaced: Python's own counts are all there is. */

import { readRun } from "./read-run.ts";
import { RecordError } from "./record-error.ts";
import { RecordKeeper } from "./record-keeper.ts";
import type { Tally } from "./sample.ts";

/**
 * What the record lacks of `tally` is added as counts without times, and the record is closed. Does nothing to a record
 * that is complete.
 * @param dir the folder of a record, or of one part of it
 * @throws {RecordError} what `readRun` and `RecordKeeper` throw
 */
export const completeRun = (dir: string, tally: Tally, endReason: string): void => {
  const { file } = readRun(dir);
  if (file.state === "complete") return;
  const { id, part, plan, versions, servers } = file;
  const now = new Date();
  const identity = { id, part, plan, versions, servers, startedAt: now.toISOString(), startedMs: 0 };
  const keeper = new RecordKeeper({
    identity,
    dir,
    tally,
    cause: "bridge-lost",
    hidden: {},
    now: Date.now,
    // What the disk refuses is thrown here; a text would say the same a second time.
    onWarning: () => undefined,
  });
  if (!keeper.stop(endReason, tally)) throw new RecordError("RECORD_NOT_WRITABLE", { dir });
};

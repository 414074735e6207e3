import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Batch, NameList } from "../../record/batch.ts";
import { type RunRecord, readRun } from "../../record/read-run.ts";
import { RecordKeeper } from "../../record/record-keeper.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { Gauges, Sample } from "../../record/sample.ts";
import { gauges, identity, STARTED_AT } from "../record/samples.ts";

/** Real records on disk, written as the bridge writes them. */

interface Written {
  /** null: the process was killed, the record stays `running`. */
  readonly endReason?: string | null;
  readonly seconds?: number;
  /** One reading a second; none: nobody measured the generator. */
  readonly readings?: readonly Gauges[];
  readonly id?: string;
}

/** Of a batch's room. */
const BATCH = 1000;

/** A folder for records, gone after the test. */
export const resultsFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "swarmbridge-gate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export const writeRecord = (
  results: string,
  samples: readonly Sample[],
  { endReason = "run time reached", seconds = 10, readings = [gauges()], id = "20260301-100000-demo" }: Written = {},
): RunRecord => {
  const dir = join(results, id);
  const keeper = new RecordKeeper({
    identity: identity({ id }),
    dir,
    tally: null,
    cause: "bridge-lost",
    onWarning: (text) => {
      throw new Error(text);
    },
    now: () => Date.parse(STARTED_AT) + seconds * 1000,
  });
  const names = new NameList();
  let sent = 0;
  const take = (some: readonly Sample[], reading: Gauges | null): void => {
    const batch = new Batch();
    for (const each of some) batch.append(each, names.indexOf(each.name), null);
    const news = names.names.slice(sent);
    sent = names.names.length;
    const late = new Float64Array();
    keeper.take({
      op: "batch",
      nowMs: seconds * 1000,
      names: news,
      numbers: batch.take(),
      late,
      hidden: [],
      failures: [],
      facts: [],
      gauges: reading,
    });
  };
  for (let at = 0; at < samples.length; at += BATCH) take(samples.slice(at, at + BATCH), null);
  for (const reading of readings) take([], reading);
  if (endReason === null) keeper.flush();
  else keeper.stop(endReason, null);
  return readRun(dir);
};

/** The same record with another head. */
export const withHead = (record: RunRecord, fields: Partial<RunFile>): RunRecord => ({
  ...record,
  file: { ...record.file, ...fields },
});

/** A run with exactly these operations, written and read again as records are. */
import { join } from "node:path";
import { Batch, NameList } from "../../record/batch.ts";
import { type RunRecord, readRun } from "../../record/read-run.ts";
import { RecordKeeper } from "../../record/record-keeper.ts";
import type { RunIdentity } from "../../record/recorder.ts";
import type { Gauges, Sample } from "../../record/sample.ts";
import { gauges, identity, newRoot, STARTED_AT, sample } from "./samples.ts";

export interface WrittenRun {
  readonly identity?: Partial<RunIdentity>;
  /** Of every second. */
  readonly gauges?: Partial<Gauges>;
  /** 10 if absent. */
  readonly seconds?: number;
}

/** Some seconds with four sessions of `learn`; what ends at no stated moment ends in the first of them. */
export const writtenRun = (samples: readonly Partial<Sample>[], run: WrittenRun = {}): RunRecord => {
  const dir = join(newRoot(), "run");
  const { seconds = 10 } = run;
  const names = new NameList();
  let nowMs = Date.parse(STARTED_AT);
  const keeper = new RecordKeeper({
    identity: identity(run.identity),
    dir,
    tally: null,
    cause: "bridge-lost",
    onWarning: (text) => {
      throw new Error(text);
    },
    now: () => nowMs,
  });
  const all = samples.map((each) => sample({ endMs: 500, ...each })).sort((a, b) => a.endMs - b.endMs);
  let told = 0;
  let sent = 0;
  for (let second = 1; second <= seconds; second++) {
    let isLast = false;
    while (!isLast) {
      const batch = new Batch();
      for (let next = all[told]; next !== undefined && next.endMs <= second * 1000 && !batch.isFull; next = all[told]) {
        batch.append(next, names.indexOf(next.name), null);
        told += 1;
      }
      isLast = !batch.isFull;
      keeper.take({
        op: "batch",
        nowMs: second * 1000,
        names: names.names.slice(sent),
        numbers: batch.take(),
        late: new Float64Array(0),
        hidden: [],
        failures: [],
        facts: [],
        gauges: isLast ? gauges({ sessionsByServer: { learn: 4 }, ...run.gauges }) : null,
      });
      sent = names.names.length;
    }
    // A record that is not written for a minute forgets rows of its timeline.
    if (second % 30 === 0) keeper.flush();
  }
  nowMs += seconds * 1000;
  keeper.stop("run time reached", null);
  return readRun(dir);
};

/** So many of one kind. */
export const many = (count: number, fields: Partial<Sample>): Partial<Sample>[] =>
  Array.from({ length: count }, () => fields);

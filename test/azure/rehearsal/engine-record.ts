import { Batch, NameList } from "../../../record/batch.ts";
import type { Outcome } from "../../../record/reason.ts";
import { RecordKeeper } from "../../../record/record-keeper.ts";
import { identity, STARTED_AT, sample } from "../../record/samples.ts";

/** A record as the bridge of an engine with four users leaves it: complete, and of no part. */
export const writeEngineRecord = (dir: string, milliseconds: readonly number[], outcome: Outcome = "ok"): void => {
  const keeper = new RecordKeeper({
    identity: identity({ plan: { users: 4, engines: 2, engine: 1 } }),
    dir,
    tally: null,
    cause: "bridge-lost",
    onWarning: (text) => {
      throw new Error(text);
    },
    now: () => Date.parse(STARTED_AT) + 5_000,
  });
  const names = new NameList();
  const batch = new Batch();
  for (const serviceMs of milliseconds) {
    const each = sample({ serviceMs, responseMs: serviceMs, outcome });
    batch.append(each, names.indexOf(each.name), null);
  }
  const empty = { late: Float64Array.of(), hidden: [], failures: [], facts: [], gauges: null };
  keeper.take({ op: "batch", nowMs: 5_000, names: names.names, numbers: batch.take(), ...empty });
  keeper.stop("run time reached", null);
};

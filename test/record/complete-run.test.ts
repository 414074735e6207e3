import { join } from "node:path";
import { expect, test } from "vitest";
import { Batch } from "../../record/batch.ts";
import { completeRun } from "../../record/complete-run.ts";
import { readRun } from "../../record/read-run.ts";
import { RecordKeeper } from "../../record/record-keeper.ts";
import { authName } from "../../record/section.ts";
import { identity, newRoot, SEARCH, sample } from "./samples.ts";

const left = (): { dir: string; keeper: RecordKeeper } => {
  const dir = join(newRoot(), "run");
  const onWarning = (text: string) => expect.unreachable(text);
  return {
    dir,
    keeper: new RecordKeeper({
      identity: identity(),
      dir,
      tally: null,
      cause: "bridge-lost",
      now: Date.now,
      onWarning,
    }),
  };
};

test("a record whose bridge is gone is closed with Python's counts", () => {
  const { dir } = left();
  completeRun(dir, { [SEARCH]: { ok: 7, bridge: 1 } }, "the bridge was lost");
  expect(readRun(dir).file).toMatchObject({
    state: "complete",
    endReason: "the bridge was lost",
    operations: { [SEARCH]: { count: 8, failures: 1 } },
    gaps: [{ cause: "bridge-lost", lostLatencies: 8 }],
  });
});

test("what auth did stays in a record that Python's counts complete", () => {
  const { dir, keeper } = left();
  const name = authName("learn", "token");
  const batch = new Batch();
  batch.append(sample({ name }), 0, null);
  const message = { late: Float64Array.of(), hidden: [], failures: [], facts: [], gauges: null };
  keeper.take({ op: "batch", nowMs: 2_000, names: [name], numbers: batch.take(), ...message });
  keeper.flush();
  completeRun(dir, { [SEARCH]: { ok: 7 } }, "the bridge was lost");
  expect(readRun(dir).file).toMatchObject({
    state: "complete",
    auth: { [name]: { count: 1, outcomes: { ok: { times: { service: { count: 1 } } } } } },
    reconciled: { [SEARCH]: { ok: 7 } },
  });
});

test("a complete record stays as it is", () => {
  const { dir, keeper } = left();
  keeper.stop("run time", null);
  completeRun(dir, { [SEARCH]: { ok: 7 } }, "the bridge was lost");
  expect(readRun(dir).file).toMatchObject({ endReason: "run time", operations: {} });
});

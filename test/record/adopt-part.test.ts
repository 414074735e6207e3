import { join } from "node:path";
import { expect, test } from "vitest";
import { adoptPart } from "../../record/adopt-part.ts";
import { Batch, NameList } from "../../record/batch.ts";
import { mergeParts } from "../../record/merge-parts.ts";
import { type RunRecord, readRun, timelineRows } from "../../record/read-run.ts";
import { RecordKeeper } from "../../record/record-keeper.ts";
import type { Sample } from "../../record/sample.ts";
import { gauges, identity, newRoot, STARTED_AT, sample } from "./samples.ts";

const PARTS = [
  [
    sample({ endMs: 500, serviceMs: 10.5 }),
    sample({ endMs: 3_000, serviceMs: 900 }),
    sample({ endMs: 600, outcome: "timeout" }),
  ],
  [
    sample({ endMs: 700, serviceMs: 30.25 }),
    sample({ endMs: 3_100, serviceMs: 5 }),
    sample({ name: "a,b c", endMs: 3_200 }),
  ],
];

const written = (dir: string, part: string | null, samples: readonly Sample[]): RunRecord => {
  const keeper = new RecordKeeper({
    identity: identity({ part, id: `its-own-${part}` }),
    dir,
    tally: null,
    cause: "bridge-lost",
    onWarning: (text) => expect.unreachable(text),
    now: () => Date.parse(STARTED_AT) + 5_000,
  });
  const names = new NameList();
  const batch = new Batch();
  for (const each of samples) batch.append(each, names.indexOf(each.name), null);
  const rest = { late: Float64Array.of(0.25, 1_000), hidden: [], failures: [], facts: [], gauges: gauges() } as const;
  keeper.take({ op: "batch", nowMs: 5_000, names: names.names, numbers: batch.take(), ...rest });
  keeper.stop("run time reached", null);
  return readRun(dir);
};

test("records that processes wrote each for itself merge exactly as if they had been parts from the start", () => {
  const adopted = newRoot();
  const born = newRoot();
  for (const [index, samples] of PARTS.entries()) {
    const part = `engine-${index + 1}`;
    const own = written(join(newRoot(), "own"), null, samples);
    adoptPart(own, join(adopted, "parts", part), { id: "one-run", part });
    written(join(born, "parts", part), part, samples);
  }
  const [one, other] = [mergeParts(adopted), mergeParts(born)];
  const { id, files: _, ...file } = one.file;
  const { id: __, files: ___, ...expected } = other.file;
  expect(id).toBe("one-run");
  expect(file).toEqual(expected);
  expect([...timelineRows(one)]).toEqual([...timelineRows(other)]);
  expect(one.damage).toEqual([]);
});

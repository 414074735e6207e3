import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { HistogramLogReader } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { Batch, NameList } from "../../record/batch.ts";
import { mergeParts } from "../../record/merge-parts.ts";
import { loadRecording, readRun, timelineRows } from "../../record/read-run.ts";
import { RecordKeeper } from "../../record/record-keeper.ts";
import type { Gauges, Sample } from "../../record/sample.ts";
import { gauges, identity, newRoot, SEARCH, STARTED_AT, sample } from "./samples.ts";

interface PartOptions {
  readonly runDir: string;
  readonly part: string;
  readonly samples: readonly Sample[];
  readonly reading?: Gauges | null;
  readonly isKilled?: boolean;
}

const writePart = ({ runDir, part, samples, reading = null, isKilled = false }: PartOptions): void => {
  const keeper = new RecordKeeper({
    identity: identity({ part }),
    dir: join(runDir, "parts", part),
    tally: null,
    cause: "bridge-lost",
    onWarning: (text) => expect.unreachable(text),
    now: () => Date.parse(STARTED_AT) + 5_000,
  });
  const names = new NameList();
  const batch = new Batch();
  for (const each of samples) batch.append(each, names.indexOf(each.name), null);
  keeper.take({
    op: "batch",
    nowMs: 5_000,
    names: names.names,
    numbers: batch.take(),
    late: Float64Array.of(),
    hidden: [["learn:GET stream", 1]],
    failures: [],
    facts: [],
    gauges: reading,
  });
  if (isKilled) keeper.flush();
  else keeper.stop("run time", null);
};

test("parts merged are exactly the record of one process that had seen everything", () => {
  const samples = fc.record({
    name: fc.constantFrom("a:ping", "b:ping", "a:auth/token", "b:auth/renewal"),
    outcome: fc.constantFrom("ok", "timeout", "tool-error"),
    endMs: fc.integer({ min: 0, max: 5_000 }),
    serviceMs: fc.double({ min: 0.01, max: 20_000, noNaN: true }),
    bytesIn: fc.nat(999),
    bytesOut: fc.nat(999),
  }) as fc.Arbitrary<Sample>;
  fc.assert(
    fc.property(fc.array(fc.array(samples, { maxLength: 12 }), { minLength: 1, maxLength: 6 }), (parts) => {
      const runDir = newRoot();
      for (const [index, each] of parts.entries()) writePart({ runDir, part: `worker-${index}`, samples: each });
      writePart({ runDir: join(runDir, "one"), part: "all", samples: parts.flat() });
      const merged = mergeParts(runDir);
      const one = readRun(join(runDir, "one", "parts", "all"));
      expect(merged.file.operations).toEqual(one.file.operations);
      expect(merged.file.auth).toEqual(one.file.auth);
      expect(merged.file.harnessDelay).toEqual(one.file.harnessDelay);
      const recordings = [merged, one].map((record) => loadRecording(record).recording);
      expect(recordings[0]?.toRunFile()).toMatchObject({ operations: one.file.operations, auth: one.file.auth });
      const rows = [merged, one].map((record) =>
        [...timelineRows(record)].map(({ second, operations }) => [
          second,
          Object.entries(operations)
            .map(([name, { count, failures, p50Ms }]) => [name, count, failures, p50Ms === undefined])
            .sort(),
        ]),
      );
      expect(rows[0]).toEqual(rows[1]);
      rmSync(runDir, { recursive: true });
    }),
    { numRuns: 25 },
  );
});

test("sessions and users of the same second add up to the peaks, the generator is the worst part's", () => {
  const runDir = newRoot();
  const reading = { sessionsByServer: { learn: 4 }, bridgeCpu: 0.5 };
  writePart({ runDir, part: "worker-0", samples: [sample()], reading: gauges(reading) });
  writePart({ runDir, part: "worker-1", samples: [sample()], reading: gauges({ ...reading, bridgeCpu: 0.9 }) });
  const { file } = mergeParts(runDir);
  expect(file).toMatchObject({
    state: "complete",
    part: null,
    endReason: "run time",
    sessions: { peak: 8, byServer: { learn: { peak: 8 } } },
    generator: { usersPeak: 8, bridgeCpu: { max: 0.9 } },
    hidden: { "learn:GET stream": 2 },
  });
});

test("a part whose process was killed is taken as far as it went, and named", () => {
  const runDir = newRoot();
  writePart({ runDir, part: "worker-0", samples: [sample()] });
  writePart({ runDir, part: "worker-1", samples: [sample(), sample()], isKilled: true });
  const { file } = mergeParts(runDir);
  expect(file.operations[SEARCH]?.count).toBe(3);
  expect(file.state).toBe("running");
  expect(file.parts.map(({ part, state }) => [part, state])).toEqual([
    ["worker-0", "complete"],
    ["worker-1", "running"],
  ]);
});

test("a part that cannot be read does not hide the others, and the record says so", () => {
  const runDir = newRoot();
  writePart({ runDir, part: "worker-0", samples: [sample()] });
  writePart({ runDir, part: "worker-1", samples: [sample()] });
  writeFileSync(join(runDir, "parts", "worker-1", "run.json"), "[]");
  const merged = mergeParts(runDir);
  expect(merged.file.operations[SEARCH]?.count).toBe(1);
  expect(merged.damage).toEqual(["part worker-1: run.json is not a run record"]);
});

test("merging again, after a part went on, gives the new state and leaves no temporary files", () => {
  const runDir = newRoot();
  writePart({ runDir, part: "worker-0", samples: [sample()] });
  expect(mergeParts(runDir).file.operations[SEARCH]?.count).toBe(1);
  writePart({ runDir, part: "worker-1", samples: [sample()] });
  expect(mergeParts(runDir).file.operations[SEARCH]?.count).toBe(2);
  expect(readRun(runDir).damage).toEqual([]);
  expect(readdirSync(runDir).sort()).toEqual(["failures.json", "latency.hlog", "parts", "run.json", "timeline.jsonl"]);
});

test("the merged log is one log for other readers", () => {
  const runDir = newRoot();
  writePart({ runDir, part: "worker-0", samples: [sample()] });
  writePart({ runDir, part: "worker-1", samples: [sample()] });
  mergeParts(runDir);
  const reader = new HistogramLogReader(readFileSync(join(runDir, "latency.hlog"), "utf8"));
  let count = 0;
  for (let each = reader.nextIntervalHistogram(); each !== null; each = reader.nextIntervalHistogram()) {
    if (each.tag.endsWith(";service")) count += each.totalCount;
  }
  expect(count).toBe(2);
});

test("a run without parts is refused", () => {
  expect(() => mergeParts(newRoot())).toThrow(expect.objectContaining({ code: "RECORD_NO_PARTS" }));
});

import { expect, test } from "vitest";
import { measureRun } from "../../../gate/compare/measure-run.ts";
import type { Sample } from "../../../record/sample.ts";
import { arrivalName } from "../../../record/section.ts";
import { gauges, SEARCH, sample } from "../../record/samples.ts";
import { resultsFolder, withHead, writeRecord } from "../written-record.ts";

const SECONDS = 10;

/** So many calls, spread over the run. */
const spread = (count: number, fieldsOf: (index: number) => Partial<Sample> = () => ({})): Sample[] =>
  Array.from({ length: count }, (_, index) =>
    sample({ endMs: ((index + 0.5) * SECONDS * 1000) / count, ...fieldsOf(index) }),
  );

test("a record's figures are those of its good answers, its counts those of all", () => {
  const calls = spread(400, (index) => ({
    serviceMs: 100 + (index % 100),
    ...(index % 20 === 0 && { outcome: "timeout" as const, serviceMs: 60_000 }),
  }));
  const { all, names, generator, faults, targets, seconds } = measureRun(writeRecord(resultsFolder(), calls));
  expect({ generator, faults, targets, seconds }).toMatchObject({ faults: [], targets: { learn: "unknown" } });
  expect(all).toMatchObject({ count: 400, failures: 20 });
  expect(all.figures.p95Ms?.value).toBeGreaterThan(190);
  expect(all.figures.p95Ms?.value).toBeLessThan(200);
  expect(all.figures.p50Ms?.error).toBeGreaterThan(0);
  expect(all.figures.errorPercent?.value).toBeCloseTo(5);
  expect(all.figures.throughput?.value).toBeCloseTo(40, 0);
  expect(names[SEARCH]).toEqual(all);
});

test("what few calls cannot carry has a value and no error", () => {
  const { all } = measureRun(writeRecord(resultsFolder(), spread(60)));
  expect(all.figures.p50Ms?.error).toBeGreaterThan(0);
  expect(all.figures.p95Ms?.error).toBeNull();
  expect(all.figures.p99Ms).toMatchObject({ value: expect.closeTo(20, 0), error: null });
});

test("under an arrival rate times count from the planned start", () => {
  const start = sample({ name: arrivalName("learn", "Slow"), serviceMs: 1, responseMs: 1 });
  const record = writeRecord(resultsFolder(), [start, ...spread(50, () => ({ serviceMs: 100, responseMs: 900 }))]);
  const { all, names, planned } = measureRun(record);
  expect(planned).toEqual(["learn"]);
  expect(all.figures.p50Ms?.value).toBeCloseTo(900, -1);
  expect(Object.keys(names)).toEqual([SEARCH]);
});

test("a run that was killed, and one whose generator was saturated, say that they are none to compare with", () => {
  expect(measureRun(writeRecord(resultsFolder(), spread(20), { endReason: null })).faults[0]).toContain("not complete");
  const busy = Array.from({ length: 10 }, () => gauges({ bridgeCpu: 1, locustCpu: 1, eventLoopDelayP99Ms: 300 }));
  const { faults, generator } = measureRun(writeRecord(resultsFolder(), spread(20), { readings: busy }));
  expect(generator).toBe("saturated");
  expect(faults[0]).toContain("its generator was saturated");
});

test("a run at Azure says which load stands in no count", () => {
  const record = writeRecord(resultsFolder(), spread(20));
  const origin = {
    kind: "azure" as const,
    testRunId: "r",
    testId: "t",
    engineCount: 2,
    clocks: "unchecked" as const,
    engines: [],
    unused: [],
  };
  expect(measureRun(withHead(record, { origin })).faults).toContain("2 of 2 engines left no results");
});

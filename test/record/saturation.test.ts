import { expect, test } from "vitest";
import type { RunFile } from "../../record/run-file.ts";
import { isMeasured, saturationOf } from "../../record/saturation.ts";
import { Times } from "../../record/times.ts";
import { resultsFolder, writeRecord } from "../gate/written-record.ts";
import { gauges, sample } from "./samples.ts";

const fileWith = (fields: Parameters<typeof gauges>[0], seconds = 5): RunFile => {
  const readings = Array.from({ length: seconds }, () => gauges(fields));
  return writeRecord(resultsFolder(), [sample()], { readings }).file;
};

test.each([
  ["little of anything", {}],
  ["a whole core of the bridge that is on time", { bridgeCpu: 1.1, eventLoopDelayP99Ms: 3 }],
  ["a shared machine that is somewhat late", { eventLoopDelayP99Ms: 60 }],
  ["a busy Locust with room left", { locustCpu: 0.85 }],
  ["a Locust that nobody could read", { locustCpu: null }],
])("%s is no saturation", (_what, fields) => {
  expect(saturationOf(fileWith(fields))).toEqual([]);
});

test.each([
  ["Locust without a free moment", { locustCpu: 0.92 }, /^Locust used 92% of its core/],
  [
    "a bridge without one, and late",
    { bridgeCpu: 0.95, eventLoopDelayP99Ms: 12 },
    /^the bridge used 95% of a core and was 12 ms late/,
  ],
  ["a machine that others use", { eventLoopDelayP99Ms: 140 }, /^the bridge was 140 ms late \(p99\): something else/],
])("%s is", (_what, fields, sentence) => {
  expect(saturationOf(fileWith(fields))).toEqual([expect.stringMatching(sentence)]);
});

test("operations that begin long after their users meant are, whatever the CPU says", () => {
  const before = new Times();
  for (let at = 0; at < 10; at++) before.record(150_000);
  const file = { ...fileWith({}), harnessDelay: { before: before.summary(), after: new Times().summary() } };
  expect(saturationOf(file)).toEqual([expect.stringMatching(/^half of the operations were sent 150 ms or more/)]);
});

test("one bad second in many is a stall, and no saturated run", () => {
  const readings = [gauges({ locustCpu: 1, eventLoopDelayP99Ms: 400 }), ...Array.from({ length: 9 }, () => gauges())];
  expect(saturationOf(writeRecord(resultsFolder(), [sample()], { readings }).file)).toEqual([]);
});

test("a generator that was never measured is not called saturated, and known not to be measured", () => {
  const file = fileWith({ locustCpu: 1 }, 0);
  expect([isMeasured(file), saturationOf(file)]).toEqual([false, []]);
});

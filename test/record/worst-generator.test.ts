import { expect, test } from "vitest";
import { GeneratorLoad } from "../../record/generator-load.ts";
import type { GeneratorRecord } from "../../record/run-file.ts";
import type { Gauges } from "../../record/sample.ts";
import { worstGenerator } from "../../record/worst-generator.ts";
import { gauges } from "./samples.ts";

const generatorOf = (...spans: readonly (readonly [seconds: number, fields: Partial<Gauges>])[]): GeneratorRecord => {
  const load = new GeneratorLoad();
  for (const [seconds, fields] of spans) for (let at = 0; at < seconds; at++) load.add(gauges(fields));
  return load.generator();
};

test("each measure is the one of the process that had it worst: no mean, and no sum", () => {
  const busy = generatorOf([40, { locustCpu: 0.3, linkLagMs: 1 }], [20, { locustCpu: 0.95, linkLagMs: 1 }]);
  const lagging = generatorOf([60, { locustCpu: 0.5, linkLagMs: 70 }]);
  const { measures } = worstGenerator([busy, lagging], 8);
  expect(measures?.["locust-cpu"]).toEqual(busy.measures?.["locust-cpu"]);
  expect(measures?.["locust-cpu"]).toMatchObject({ seconds: 60, saturatedSeconds: 20, max: 0.95 });
  expect(measures?.["link-lag"]).toEqual(lagging.measures?.["link-lag"]);
});

test("a process that was there for two bad seconds does not hide one that was saturated for a third of a run", () => {
  const short = generatorOf([2, { locustCpu: 1 }]);
  const long = generatorOf([40, {}], [20, { locustCpu: 0.95 }]);
  for (const each of [
    [short, long],
    [long, short],
  ]) {
    expect(worstGenerator(each, 8).measures?.["locust-cpu"]).toMatchObject({ seconds: 60, saturatedSeconds: 20 });
  }
});

test("what only one process could measure is kept, and records without measures take nothing away", () => {
  const { measures: _, ...older } = generatorOf([5, {}]);
  const { measures } = worstGenerator([older, generatorOf([5, { bridgeWaited: 0.7 }])], 4);
  expect(measures?.["bridge-waited"]).toMatchObject({ saturatedSeconds: 5 });
});

test("older parts that know means alone keep their saturation, merged with each other or with a newer one", () => {
  const { measures: _, ...idle } = generatorOf([60, {}]);
  const older = { ...idle, locustCpu: { mean: 0.99, max: 1 } };
  for (const other of [older, generatorOf([60, { locustCpu: 0.1 }])]) {
    expect(worstGenerator([older, other], 8).measures?.["locust-cpu"]).toMatchObject({ seconds: 0, mean: 0.99 });
  }
});

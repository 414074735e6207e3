import { expect, test } from "vitest";
import { DELAY_RULES } from "../../record/generator-delays.ts";
import {
  GENERATOR_MEASURE_NAMES,
  GENERATOR_MEASURES,
  type GeneratorMeasureName,
} from "../../record/generator-measures.ts";
import { SECONDS_RULE } from "../../record/generator-seconds.ts";
import { generatorVerdict, isMeasured, saturationOf } from "../../record/generator-verdict.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { Gauges } from "../../record/sample.ts";
import { Times } from "../../record/times.ts";
import { worstGenerator } from "../../record/worst-generator.ts";
import { resultsFolder, writeRecord } from "../gate/written-record.ts";
import { gauges, SEARCH, sample } from "./samples.ts";

/** Where each measure is read from. */
const FIELDS = {
  "locust-cpu": "locustCpu",
  "bridge-busy": "bridgeBusy",
  "bridge-late": "eventLoopDelayP99Ms",
  "locust-late": "locustLateMs",
  "link-lag": "linkLagMs",
  "bridge-waited": "bridgeWaited",
  "locust-waited": "locustWaited",
  "machine-busy": "machineBusy",
  throttled: "throttled",
  "open-files": "openFilesShare",
  heap: "heapShare",
  memory: "memoryShare",
} as const satisfies Record<GeneratorMeasureName, keyof Gauges>;

/** `bad` seconds of a measure's value at the end of a run of `of` seconds. */
const fileOf = (fields: Partial<Gauges>, bad: number, of: number): RunFile => {
  const readings = Array.from({ length: of }, (_, at) => gauges(at >= of - bad ? fields : {}));
  return writeRecord(resultsFolder(), [sample()], { readings }).file;
};

const withDelay = (
  file: RunFile,
  half: "before" | "after",
  delaysMs: readonly number[],
  serviceMs: number,
): RunFile => {
  const [late, service] = [new Times(), new Times()];
  for (const ms of delaysMs) late.record(ms * 1000);
  for (let at = 0; at < 100; at++) service.record(serviceMs * 1000);
  const times = { service: service.summary() };
  const operation = {
    count: 100,
    failures: 0,
    bytesIn: 0,
    bytesOut: 0,
    outcomes: { ok: { count: 100, times } },
    all: times,
  };
  const none = new Times().summary();
  const harnessDelay = { before: none, after: none, [half]: late.summary() };
  return { ...file, harnessDelay, operations: { [SEARCH]: operation } };
};

const evenly = (p50: number, p99: number): number[] => [...Array(97).fill(p50), p99, p99, p99];

test.each(GENERATOR_MEASURE_NAMES)("%s counts from its thresholds on, and says what to do", (name) => {
  const { strained, saturated, advice } = GENERATOR_MEASURES[name];
  const at = (value: number) => generatorVerdict(fileOf({ [FIELDS[name]]: value }, 10, 10));
  expect(at(strained * 0.999)).toEqual({ level: "ok", reasons: [] });
  expect(at(strained).level).toBe("strained");
  // Without a second threshold, all of it is not too much.
  const below = saturated === null ? 1 : saturated * 0.999;
  expect(at(below).level).toBe("strained");
  const { level, reasons } = at(saturated ?? strained);
  expect(level).toBe(saturated === null ? "strained" : "saturated");
  expect(reasons).toEqual([expect.stringContaining(" or more")]);
  expect(reasons[0]).toContain(advice);
});

test.each([
  ["a start of two seconds", 2, 3, "ok"],
  ["a stall of two seconds", 2, 600, "ok"],
  ["the whole of a run of three seconds", 3, 3, "saturated"],
  ["the last third of a run", 20, 60, "saturated"],
  ["less than a fifth of it", 11, 60, "strained"],
  ["a twentieth", 3, 60, "strained"],
  ["less than a twentieth", 4, 100, "ok"],
])("%s with no room left: %d of %d seconds are %s", (_what, bad, of, level) => {
  expect(generatorVerdict(fileOf({ locustCpu: 0.99 }, bad, of)).level).toBe(level);
});

test("a reason says in how many seconds it was seen, and what the run was like", () => {
  expect(generatorVerdict(fileOf({ locustCpu: 1 }, 20, 60)).reasons).toEqual([
    "Locust used 90% or more of its core in 20 of 60 seconds (mean 40%): more processes (--processes), or fewer users",
  ]);
});

test("a machine that is never a quarter idle strains a generator that does next to nothing, and by itself no more", () => {
  const file = fileOf({ machineBusy: 0.83, locustCpu: 0.02 }, 8, 8);
  expect(generatorVerdict(file)).toEqual({
    level: "strained",
    reasons: [
      "the machine's cores were 75% or more busy in 8 of 8 seconds (mean 83%): a server under test counts where it runs here; end what else runs on this machine, or take one with more cores",
    ],
  });
});

test("saturated takes the place of what is only strained", () => {
  const file = fileOf({ locustCpu: 0.95, linkLagMs: 60 }, 10, 10);
  expect(generatorVerdict(file).reasons).toEqual([expect.stringMatching(/^Locust used/)]);
});

test.each(["before", "after"] as const)("a harness that takes longer than the server: %s", (half) => {
  const idle = fileOf({}, 0, 10);
  const verdict = (p50: number, p99: number, serviceMs: number): string =>
    generatorVerdict(withDelay(idle, half, evenly(p50, p99), serviceMs)).level;
  const { saturated, strained } = DELAY_RULES;
  expect(verdict(saturated.always, saturated.always, 30_000)).toBe("saturated");
  expect(verdict(saturated.floor, saturated.floor, saturated.floor)).toBe("saturated");
  expect(verdict(saturated.floor - 1, saturated.floor - 1, 5)).toBe("ok");
  expect(verdict(1, strained.always, 30_000)).toBe("strained");
  expect(verdict(1, strained.floor, strained.floor / strained.share)).toBe("strained");
  expect(verdict(1, strained.floor, strained.floor / strained.share + 1)).toBe("ok");
  expect(verdict(1, strained.floor - 1, 5)).toBe("ok");
});

test("a delay beside answers of its own size is told: 1,000 users with ten calls at once", () => {
  const file = withDelay(fileOf({}, 0, 10), "before", evenly(15, 330), 237);
  expect(generatorVerdict(file)).toEqual({
    level: "strained",
    reasons: [
      "one in a hundred of the operations were sent 330 ms or more after their user meant to (the server took 237 ms): more processes (--processes), or fewer users",
    ],
  });
});

test.each([
  ["an idle one beside answers of 30 s", (idle: RunFile) => withDelay(idle, "before", evenly(1, 40), 30_000)],
  ["one that nobody called anything with", (idle: RunFile) => ({ ...idle, operations: {} })],
])("%s is no generator to doubt", (_what, change) => {
  expect(generatorVerdict(change(fileOf({ bridgeBusy: 0.02 }, 10, 10)))).toEqual({ level: "ok", reasons: [] });
});

test.each([
  [{ locustCpu: { mean: 0.92, max: 1 } }, "saturated"],
  [{ locustCpu: { mean: 0.85, max: 1 } }, "strained"],
  [{ eventLoopDelayP99Ms: { mean: 140, max: 900 } }, "saturated"],
  [{ locustCpu: null }, "ok"],
] as const)("a record from before seconds were counted is judged by its means: %o", (fields, level) => {
  const { generator, ...file } = fileOf({}, 0, 10);
  const { measures: _, ...older } = generator;
  expect(generatorVerdict({ ...file, generator: { ...older, ...fields } }).level).toBe(level);
});

test("a record that knows a mean alone invents no seconds", () => {
  const { generator, ...file } = fileOf({}, 0, 20);
  const { measures: _, ...older } = generator;
  const busy = { ...older, locustCpu: { mean: 0.92, max: 1 } };
  const sentence =
    "Locust used 90% or more of its core on average over the run (92%): more processes (--processes), or fewer users";
  for (const measures of [undefined, {}]) {
    const of = { ...busy, ...(measures !== undefined && { measures }) };
    expect(generatorVerdict({ ...file, generator: of }).reasons).toEqual([sentence]);
  }
  expect(generatorVerdict({ ...file, generator: worstGenerator([busy, generator], 8) }).reasons).toEqual([sentence]);
});

test.each([
  [1, "unknown"],
  [2, "unknown"],
  [3, "ok"],
])("of a run with %d readings the generator is %s: fewer than three can show nothing", (readings, level) => {
  const { level: found, reasons } = generatorVerdict(fileOf({}, 0, readings));
  expect(found).toBe(level);
  expect(reasons).toEqual(level === "ok" ? [] : [expect.stringContaining("too short to say")]);
});

test("a short run whose calls were late is not too short to say so", () => {
  expect(generatorVerdict(withDelay(fileOf({}, 0, 1), "before", evenly(150, 150), 5)).level).toBe("saturated");
});

test("a generator that was never measured is not called saturated, and known not to be measured", () => {
  const file = fileOf({ locustCpu: 1 }, 0, 0);
  expect([isMeasured(file), saturationOf(file), generatorVerdict(file).level]).toEqual([false, [], "unknown"]);
});

test("saturated needs more of a run than strained", () => {
  expect(SECONDS_RULE.saturated.share).toBeGreaterThan(SECONDS_RULE.strained.share);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { diagnose } from "../../diagnosis/diagnose.ts";
import type { Fault } from "../../diagnosis/finding.ts";
import type { RunRecord } from "../../record/read-run.ts";
import { forget, type SimulatedRun, simulated } from "./simulated-run.ts";

const SEARCH = { name: "search", weight: 1, p50Ms: 20, p90Ms: 35 };
const RUN: SimulatedRun = { seed: 1, seconds: 10, users: 20, spawnRate: 3, thinkMs: 10, tools: [SEARCH] };
const BURSTS: Partial<SimulatedRun> = {
  atOnce: 10,
  users: 20,
  spawnRate: 2,
  thinkMs: 100,
  tools: [{ ...SEARCH, p50Ms: 40, p90Ms: 45 }],
};
const SEEDS = Array.from({ length: 10 }, (_, index) => index + 1);

const faultsOf = (run: SimulatedRun, change: (record: RunRecord) => RunRecord = (record) => record): Fault[] => {
  const record = simulated(run);
  const faults = diagnose(change(record)).map(({ fault }) => fault);
  forget(record);
  return faults;
};

const CASES: readonly (readonly [what: string, run: Partial<SimulatedRun>, faults: readonly Fault[]])[] = [
  ["a healthy server", {}, []],
  ["one whose times are spread widely", { tools: [{ ...SEARCH, p50Ms: 100, p90Ms: 500 }], thinkMs: 100 }, []],
  ["a single core that is busy", { cpuMs: 8, spawnRate: 8, users: 40 }, []],
  ["one that bursts keep busy", { cpuMs: 2, atOnce: 10, thinkMs: 300, spawnRate: 8, users: 30, seconds: 6 }, []],
  ["a lock around all calls", { lanes: 1, spawnRate: 1, users: 10, seconds: 14 }, ["serialising"]],
  ["a pool of five", { lanes: 5, tools: [{ ...SEARCH, p50Ms: 40, p90Ms: 60 }] }, ["pool-exhausted"]],
  ["a pool of five, by calls sent at once", { ...BURSTS, lanes: 5 }, ["pool-exhausted"]],
  ["a lock around all calls, by calls sent at once", { ...BURSTS, users: 1, lanes: 1 }, ["serialising"]],
  ["an event loop that is blocked", { blocked: { everyMs: 2_000, ms: 400 } }, ["event-loop-blocked"]],
  ["a limit of connections", { most: { underWay: 12, outcome: "disconnected" } }, ["connection-limit"]],
  ["a pool that refuses", { most: { underWay: 8, outcome: "http-503" } }, ["pool-exhausted"]],
  ["a limit of the rate", { most: { underWay: 8, outcome: "http-429" } }, ["rate-limited"]],
  ["a server that is not ready yet", { readyMs: 3_000 }, ["cold-start"]],
  [
    "one tool of two with a slow dependency",
    { tools: [SEARCH, { name: "query", weight: 1, p50Ms: 20, p90Ms: 30, slowerByEach: 1 }] },
    ["slow-dependency"],
  ],
];

test.each(CASES)("%s: named for what it is, for 10 seeds", (_what, run, faults) => {
  for (const seed of SEEDS) expect(faultsOf({ ...RUN, ...run, seed }), `seed ${seed}`).toEqual(faults);
});

/** Of a call's time: with more of it a server is what `serialising` says, one busy core. */
const LEAST_OWN_CPU = 0.15;

test("no healthy server is accused, whatever its times, its users and their haste", () => {
  const healthy = fc.record({
    seed: fc.integer({ min: 1, max: 1e9 }),
    users: fc.integer({ min: 1, max: 50 }),
    spawnRate: fc.constantFrom(1, 5, 50),
    thinkMs: fc.constantFrom(0, 20, 300, 2_000),
    atOnce: fc.constantFrom(1, 1, 10),
    cpuMs: fc.constantFrom(0, 0.2, 1, 3),
    tools: fc.array(
      fc
        .record({ p50Ms: fc.constantFrom(5, 20, 80, 300), spread: fc.constantFrom(1.2, 2, 5) })
        .map(({ p50Ms, spread }) => ({ name: "search", weight: 1, p50Ms, p90Ms: p50Ms * spread })),
      { minLength: 1, maxLength: 3 },
    ),
  });
  const named = fc.property(healthy, (each) => {
    const tools = each.tools.map((tool, index) => ({ ...tool, name: `tool${index}` }));
    const faults = faultsOf({ ...RUN, seconds: 6, ...each, tools });
    // Most of a call's work on the only core: one at a time it is, and no fault of a pool.
    const isOneCore = each.cpuMs > LEAST_OWN_CPU * Math.min(...tools.map(({ p50Ms }) => p50Ms));
    expect(isOneCore ? faults.filter((fault) => fault !== "serialising") : faults).toEqual([]);
  });
  fc.assert(named, { numRuns: Number(process.env.DIAGNOSIS_RUNS ?? 60), seed: 7 });
});

const POOL = { ...RUN, lanes: 5, tools: [{ ...SEARCH, p50Ms: 40, p90Ms: 60 }] };

test("a generator that was the bottleneck itself accuses nobody", () => {
  const saturated = (record: RunRecord): RunRecord => {
    const { generator } = record.file;
    return {
      ...record,
      file: { ...record.file, generator: { ...generator, measures: undefined, locustCpu: { mean: 0.97, max: 1 } } },
    };
  };
  expect(faultsOf(POOL)).toEqual(["pool-exhausted"]);
  expect(faultsOf(POOL, saturated)).toEqual([]);
});

test("a generator that stood still itself says nothing of a server that did", () => {
  const blocked = { ...RUN, blocked: { everyMs: 2_000, ms: 400 } };
  expect(faultsOf({ ...blocked, gauges: { eventLoopDelayMaxMs: 380 } })).toEqual([]);
});

test.each([1, 5])("of %d at a time several processes know nothing: each of them counts its own calls", (lanes) => {
  const [part] = [{ part: "worker-0", state: "complete" as const, updatedAt: "" }];
  const inFour = (record: RunRecord): RunRecord => ({
    ...record,
    file: { ...record.file, parts: Array(4).fill(part) },
  });
  for (const run of [POOL, { ...RUN, ...BURSTS }]) expect(faultsOf({ ...run, lanes }, inFour)).toEqual([]);
});

test("a busy core that hardly shows in the times of a slow tool is no slow dependency of a quick one", () => {
  const [quick, slow] = [
    { ...SEARCH, p50Ms: 5, p90Ms: 6 },
    { ...SEARCH, name: "report", p50Ms: 300, p90Ms: 1_500 },
  ];
  const tools = [{ ...quick, weight: 2 }, slow];
  const run = { seed: 854_630_564, seconds: 6, users: 15, spawnRate: 50, thinkMs: 0, atOnce: 10, cpuMs: 1, tools };
  expect(faultsOf(run).filter((fault) => fault !== "serialising")).toEqual([]);
});

test("too few calls are no evidence", () => {
  expect(faultsOf({ ...POOL, seconds: 1, spawnRate: 20 })).toEqual([]);
});

test("a server that dies in the middle, and comes back, had no limit of connections", () => {
  expect(faultsOf({ ...RUN, down: { fromMs: 6_300, toMs: 8_100 } })).toEqual([]);
});

test("a server that is never there is no slow starter", () => {
  expect(faultsOf({ ...RUN, readyMs: 20_000 })).toEqual([]);
});
